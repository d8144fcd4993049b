//! `roamkey pair`

use std::{thread, time::Duration};

use roamkey_client::pairing::{Emoji, PairStage};
use serde_json::json;

use super::unlocked;
use crate::{Global, Report, explain::Explanation, prompt, report::progress};

/// `roamkey pair`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Let in whoever types the code, without the emoji question.
    #[arg(long)]
    yes: bool,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        session.sync().await?;
        let mut pairing = session.pair().await?;
        progress(&format!("On the other device: roamkey join {} --server {}", pairing.code(), session.home().server));
        let device = loop {
            match pairing.poll(&session).await? {
                PairStage::Waiting | PairStage::Admitting => thread::sleep(PAUSE),
                PairStage::Confirm { .. } if self.yes => pairing.dangerous_confirm_unasked()?,
                PairStage::Confirm { platform, name, choices } => match ask(&platform, &name, &choices)? {
                    Some(picked) => pairing.confirm(&session, picked).await?,
                    None => {
                        pairing.cancel(&session).await;
                        return Err(Explanation::refused_newcomer());
                    }
                },
                PairStage::Done { device } => break device,
            }
        };
        let json = json!({ "device": device.to_string() });
        Ok(Report::new(format!("Let in device {device}."), json))
    }
}

/// Asks which emoji the newcomer shows; none refuses it.
fn ask(platform: &str, name: &str, choices: &[Emoji]) -> Result<Option<Emoji>, Explanation> {
    progress(&format!("`{name}`, on {platform}, typed the code. Which of these does it show?"));
    for (number, choice) in choices.iter().enumerate() {
        progress(&format!("  {}  {}  {}", number + 1, choice.glyph(), choice.name()));
    }
    let answer = prompt::line("Its number, if you hold that device in your hands; anything else to refuse: ")?;
    Ok(answer.parse::<usize>().ok().and_then(|number| choices.get(number.checked_sub(1)?)).copied())
}

const PAUSE: Duration = Duration::from_millis(300);
