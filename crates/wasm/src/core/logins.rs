use roamkey_client::{BadPage, Error, LoginPage, Summary, Typed, Weighed};
use roamkey_interchange::otp::Totp;
use roamkey_vault::{Content, SecretText};

use super::{Browser, Core, items::item_id};
use crate::{
    convert,
    messages::{
        Done, ErrorCode, Failure, FillLoginRequest, GeneratedLately, GeneratedPassword, KeepGeneratedRequest,
        LoginFilling, LoginPageRequest, LoginVerdict, LoginWeighed, PageOrigins, ReusedPassword, ReusedPasswords,
        WeighLoginRequest,
    },
};

impl<B: Browser> Core<B> {
    pub(super) fn login_page(request: &LoginPageRequest) -> Result<Done, Failure> {
        page(&request.page)?;
        Ok(Done {})
    }

    pub(super) async fn fill_login(&self, request: &FillLoginRequest) -> Result<LoginFilling, Failure> {
        let page = page(&request.page)?;
        let session = self.session().await?;
        let found = session.login_for(item_id(&request.id)?, &page).await?;
        let Content::Login(login) = &found.item.content else {
            return Err(Failure::new(ErrorCode::NotFound, "it is no login"));
        };
        // Exposed to be typed into the page of its site that the person chose.
        let exposed =
            |secret: &Option<SecretText>| secret.as_ref().map(SecretText::expose).unwrap_or_default().to_owned();
        let totp = login.totp.as_ref().and_then(|totp| Totp::parse(totp.expose()).ok());
        Ok(LoginFilling {
            user_name: login.username.clone().unwrap_or_default(),
            password: exposed(&login.password),
            code: totp.map(|totp| totp.code(session.now()).0.to_string()),
        })
    }

    pub(super) async fn weigh_login(&self, request: &WeighLoginRequest) -> Result<LoginWeighed, Failure> {
        let page = page(&request.page)?;
        let typed = Typed {
            username: request.user_name.clone(),
            password: SecretText::new(request.password.clone()),
            replaces: request.replaces.clone().map(SecretText::new),
        };
        Ok(match self.session().await?.weigh(&page, &typed).await? {
            Weighed::Known => LoginWeighed { verdict: LoginVerdict::Known, logins: Vec::new() },
            Weighed::New => LoginWeighed { verdict: LoginVerdict::New, logins: Vec::new() },
            Weighed::Changes(logins) => LoginWeighed {
                verdict: LoginVerdict::Changes,
                logins: logins.iter().map(|summary| convert::summary(summary, None)).collect(),
            },
        })
    }

    pub(super) async fn keep_generated(&self, request: &KeepGeneratedRequest) -> Result<Done, Failure> {
        let password = SecretText::new(request.password.clone());
        self.session().await?.keep_generated(password, request.site.clone()).await?;
        Ok(Done {})
    }

    pub(super) async fn generated_lately(&self) -> Result<GeneratedLately, Failure> {
        let kept = self.session().await?.generated().await?;
        // Exposed because the person looks for one that is in no login.
        let view = |kept: &roamkey_client::Generated| GeneratedPassword {
            password: kept.password.expose().to_owned(),
            site: kept.site.clone(),
            at: kept.at.0,
        };
        Ok(GeneratedLately { passwords: kept.iter().map(view).collect() })
    }

    pub(super) async fn reused_passwords(&self) -> Result<ReusedPasswords, Failure> {
        let groups = self.session().await?.reused().await?;
        let view = |logins: &Vec<Summary>| ReusedPassword {
            logins: logins.iter().map(|login| convert::summary(login, None)).collect(),
        };
        Ok(ReusedPasswords {
            total: convert::count(groups.len()),
            passwords: groups.iter().take(MOST_REUSED).map(view).collect(),
        })
    }

    /// A login has this password now: if it was made up here, it needs no other place.
    pub(super) async fn keep_no_longer(&self, password: &str) -> Result<(), Failure> {
        Ok(self.session().await?.forget_generated(&SecretText::new(password.to_owned())).await?)
    }
}

fn page(PageOrigins { origin, ancestors }: &PageOrigins) -> Result<LoginPage, Failure> {
    LoginPage::parse(origin, ancestors).map_err(|error: BadPage| Error::from(error).into())
}

/// Nobody changes more of them before looking again.
const MOST_REUSED: usize = 100;
