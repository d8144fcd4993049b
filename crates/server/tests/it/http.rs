//! A client that shows what came back, whatever it is.

use std::time::Duration;

use minicbor::{Decode, Encode};
use roamkey_proto::{
    AccountId, SessionToken,
    api::{Challenge, ChallengeRequest, Session, SignIn},
    cbor, limits,
    problem::Problem,
};

use crate::device::Device;

#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    pub(crate) url: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .max_idle_connections(100);
        Self { agent: config.build().into(), url: url.to_owned() }
    }

    pub(crate) fn post(&self, path: &str, token: Option<&str>, body: &impl Encode<()>) -> Answer {
        self.post_bytes(path, token, &cbor::encode(body))
    }

    pub(crate) fn post_bytes(&self, path: &str, token: Option<&str>, body: &[u8]) -> Answer {
        self.try_post(path, token, body).unwrap()
    }

    pub(crate) fn try_post(&self, path: &str, token: Option<&str>, body: &[u8]) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(format!("{}{path}", self.url)).content_type("application/cbor");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        read(request.send(body)?)
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        read(request.call().unwrap()).unwrap()
    }

    pub(crate) fn delete(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = self.agent.delete(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        read(request.call().unwrap()).unwrap()
    }

    pub(crate) fn challenge(&self, account: AccountId, device: &Device) -> Challenge {
        self.post("/v1/sessions/challenge", None, &ChallengeRequest { account, member: device.id }).ok()
    }

    /// Signs a device in; the answer is for the test to judge.
    pub(crate) fn try_sign_in(&self, account: AccountId, device: &Device) -> Answer {
        let Challenge { challenge } = self.challenge(account, device);
        self.post("/v1/sessions", None, &SignIn { proof: device.proof(account, &self.url, challenge) })
    }

    /// Signs a device in and returns its token.
    pub(crate) fn sign_in(&self, account: AccountId, device: &Device) -> String {
        let Session { token, .. } = self.try_sign_in(account, device).ok();
        hex(&token)
    }
}

pub(crate) fn hex(token: &SessionToken) -> String {
    token.to_string()
}

impl Answer {
    /// The object in a good answer.
    pub(crate) fn ok<T: for<'b> Decode<'b, ()> + Encode<()>>(&self) -> T {
        assert_eq!((self.status, self.content_type.as_str()), (200, "application/cbor"), "{self:?}");
        cbor::decode(&self.body, limits::RESPONSE_BYTES).unwrap()
    }

    /// The problem in a bad one, whose document must be whole.
    pub(crate) fn problem(&self) -> Problem {
        assert_eq!(self.content_type, "application/problem+json", "{self:?}");
        let document: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        let problem = Problem::from_kind(document["type"].as_str().unwrap()).unwrap();
        assert_eq!((self.status, document["status"].as_u64()), (problem.status(), Some(problem.status().into())));
        assert!(!document["title"].as_str().unwrap().is_empty() && !document["detail"].as_str().unwrap().is_empty());
        problem
    }
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (content_type, retry_after) = (header("content-type").unwrap_or_default(), header("retry-after"));
    Ok(Answer {
        status: response.status().as_u16(),
        content_type,
        retry_after: retry_after.map(|seconds| seconds.parse().unwrap()),
        body: response.body_mut().with_config().limit(limits::RESPONSE_BYTES as u64).read_to_vec()?,
    })
}
