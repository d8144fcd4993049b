use std::time::Duration;

use axum::{
    extract::{
        FromRequestParts, Request, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, close_code},
    },
    response::Response,
};
use roamkey_proto::{AccountId, DeviceId, SessionToken, api::Wake, cbor, problem::Problem};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

use crate::{
    caller::Caller,
    operation::{Access, Answer, Operation},
    path,
    places::Place,
    refusal::Refusal,
    state::{App, stopped},
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Wait for news on a WebSocket: the token first, as text, then a message for each append.",
    access: Access::Socket,
    query: None,
    request: None,
    answer: Answer::Socket("Wake"),
    problems: &[],
};

/// `GET /v1/accounts/{account}/wake`
///
/// The token comes as the first message and not in the address, which proxies write down.
pub(super) async fn handle(State(app): State<App>, request: Request) -> Result<Response, Refusal> {
    let (mut parts, _) = request.into_parts();
    let account = path::account(&mut parts, &app).await?;
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &app)
        .await
        .map_err(|_| Refusal::bad_request("not a WebSocket handshake"))?;
    // Ten thousand sockets wait and say next to nothing: buffers are small.
    let upgrade = upgrade.read_buffer_size(FRAME).write_buffer_size(0).max_message_size(FRAME).max_frame_size(FRAME);
    Ok(upgrade.on_upgrade(move |socket| serve(app, account, socket)))
}

async fn serve(app: App, account: AccountId, mut socket: WebSocket) {
    let _awaited = app.open_sockets.subscribe();
    let reason = match open(&app, account, &mut socket).await {
        Ok(open) => open.run(&app, &mut socket).await,
        Err(refusal) => Some(refusal.problem().kind()),
    };
    if let Some(reason) = reason {
        let close = CloseFrame { code: close_code::POLICY, reason: reason.into() };
        // The other side may be gone: nothing is left to do then.
        let _ = timeout(WRITE_TIME, socket.send(Message::Close(Some(close)))).await;
    }
}

/// A socket whose device is known.
struct Open {
    account: AccountId,
    token: SessionToken,
    news: watch::Receiver<Option<Wake>>,
    last: Wake,
    expires: Instant,
    /// Freed when the socket ends.
    _places: (Place<(AccountId, DeviceId)>, Place<AccountId>),
}

async fn open(app: &App, account: AccountId, socket: &mut WebSocket) -> Result<Open, Refusal> {
    let first = timeout(app.request_time(), socket.recv()).await.map_err(|_| Refusal::unauthorized())?;
    let Some(Ok(Message::Text(text))) = first else {
        return Err(Refusal::unauthorized());
    };
    let token: SessionToken = text.as_str().parse().map_err(|_| Refusal::unauthorized())?;
    // News that come while the session is looked up are seen after it.
    let news = app.wake_ups.subscribe(account);
    let caller = Caller::admit(app, account, &token).await?;
    app.rates.devices.take((account, caller.device))?;
    let full = || Refusal::new(Problem::RateLimited, "too many sockets are open");
    let place = app.sockets.take((account, caller.device), app.limits.sockets).ok_or_else(full)?;
    let account_place = app.account_sockets.take(account, app.limits.sockets_per_account).ok_or_else(full)?;
    let last = Wake { log: caller.heads.log.seq, vault: caller.heads.vault.seq };
    let expires = Instant::now() + Duration::from_millis(caller.expires.millis_since(app.now()));
    Ok(Open { account, token, news, last, expires, _places: (place, account_place) })
}

impl Open {
    /// Serves until the socket ends; returns the reason if it is ours.
    async fn run(mut self, app: &App, socket: &mut WebSocket) -> Option<&'static str> {
        let _open = app.metrics.sockets.enter();
        let mut stopping = app.stopping.clone();
        let mut pings = interval(Duration::from_secs(app.limits.ping_seconds.max(1)));
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silent = 0;
        // Where the chains are now: what happened before the socket opened is not missed.
        if !send(socket, Message::Binary(cbor::encode(&self.last).into())).await {
            return None;
        }
        loop {
            tokio::select! {
                () = stopped(&mut stopping) => return Some("/problems/unavailable"),
                () = sleep_until(self.expires) => return Some("/problems/unauthorized"),
                message = socket.recv() => match message {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => silent = 0,
                },
                _ = pings.tick() => {
                    silent += 1;
                    if silent > SILENT_PINGS || !send(socket, Message::Ping(axum::body::Bytes::new())).await {
                        return None;
                    }
                }
                changed = self.news.changed() => {
                    changed.ok()?;
                    if let Err(reason) = self.tell(app, socket).await {
                        return reason;
                    }
                }
            }
        }
    }

    /// Passes news on; one of the log may have ended this device's right to them.
    async fn tell(&mut self, app: &App, socket: &mut WebSocket) -> Result<(), Option<&'static str>> {
        let Some(wake) = *self.news.borrow_and_update() else { return Ok(()) };
        if wake.log > self.last.log {
            let admitted = Caller::admit(app, self.account, &self.token).await;
            admitted.map_err(|refusal| Some(refusal.problem().kind()))?;
        }
        self.last = wake;
        app.metrics.wakes.add(1);
        match send(socket, Message::Binary(cbor::encode(&wake).into())).await {
            true => Ok(()),
            false => Err(None),
        }
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(WRITE_TIME, socket.send(message)).await, Ok(Ok(())))
}

/// Bytes of a message from a device: a token in hexadecimal and its frame.
const FRAME: usize = 512;

/// Pings without any answer after which a socket is given up.
const SILENT_PINGS: u32 = 3;

/// How long a device may take to read a message of a few bytes.
const WRITE_TIME: Duration = Duration::from_secs(10);
