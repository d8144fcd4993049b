//! What the server does to an exchange, drawn anew for each.

use std::collections::BTreeMap;

use roamkey_client::Unreachable;
use roamkey_proto::{
    AccountId, Chain, Pin, ReceiptKey,
    api::{Heads, LogPage, PullPage, SealedRecord},
    problem::Problem,
};
use roamkey_trust::receipt;

use super::dice::Dice;
use crate::evil::{Answer, Ask, Endpoint, EvilServer, Lie, exchange::silence};

/// One thing to do to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trick {
    LoseRequest,
    LoseAnswer,
    Twice,
    Late,
    Stale,
    Refuse,
    Flip,
    Cut,
    Records,
    Commits,
    Entries,
    Claim,
}

impl Trick {
    pub(super) const ALL: [Self; 12] = [
        Self::LoseRequest,
        Self::LoseAnswer,
        Self::Twice,
        Self::Late,
        Self::Stale,
        Self::Refuse,
        Self::Flip,
        Self::Cut,
        Self::Records,
        Self::Commits,
        Self::Entries,
        Self::Claim,
    ];
}

/// Plays these tricks on so many of a hundred exchanges with these devices.
pub(super) fn play(mut dice: Dice, tricks: Vec<Trick>, devices: Vec<usize>, percent: usize) -> Lie {
    let mut seen = Seen::default();
    Box::new(move |ask, server| {
        if !devices.contains(&ask.device) || !dice.percent(percent) {
            let answer = server.forward(ask)?;
            seen.note(ask, &answer);
            return Ok(answer);
        }
        let trick = dice.pick(&tricks).copied().unwrap_or(Trick::LoseRequest);
        seen.play(trick, ask, server, &mut dice)
    })
}

/// What the server said before, and the records that it handed out.
#[derive(Default)]
struct Seen {
    answers: BTreeMap<Endpoint, Vec<Answer>>,
    records: Vec<SealedRecord>,
}

impl Seen {
    fn note(&mut self, ask: &Ask, answer: &Answer) {
        keep(self.answers.entry(ask.endpoint()).or_default(), answer.clone());
        if ask.endpoint() == Endpoint::Pull {
            _ = answer.clone().edited(|page: &mut PullPage| {
                page.records.iter().for_each(|record| keep(&mut self.records, record.clone()));
            });
        }
    }

    fn play(&mut self, trick: Trick, ask: &Ask, server: &EvilServer, dice: &mut Dice) -> Result<Answer, Unreachable> {
        match trick {
            Trick::LoseRequest => return Err(silence()),
            Trick::Late => {
                server.hold_up(ask, 1 + dice.below(12) as u64);
                return Err(silence());
            }
            Trick::Refuse => {
                let problem = dice.pick(&Problem::ALL).copied().unwrap_or(Problem::Internal);
                return Ok(Answer::problem(problem, "so it says"));
            }
            Trick::Twice => _ = server.forward(ask),
            _ => {}
        }
        let mut answer = server.forward(ask)?;
        self.note(ask, &answer);
        Ok(match trick {
            Trick::LoseAnswer => return Err(silence()),
            Trick::Stale => {
                self.answers.get(&ask.endpoint()).and_then(|said| dice.pick(said)).cloned().unwrap_or(answer)
            }
            Trick::Flip => {
                let at = dice.below(answer.body.len());
                answer.body.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << dice.below(8));
                answer
            }
            Trick::Cut => {
                answer.body.truncate(dice.below(answer.body.len()));
                answer
            }
            Trick::Records => answer.edited(|page: &mut PullPage| garble_records(page, &self.records, dice)),
            Trick::Commits => answer.edited(|page: &mut PullPage| shuffle(&mut page.commits, dice)),
            Trick::Entries => answer.edited(|page: &mut LogPage| garble_entries(page, dice)),
            Trick::Claim => match ask.account().filter(|_| ask.endpoint() == Endpoint::Heads) {
                Some(account) => answer.edited(|heads: &mut Heads| claim(heads, account, server, dice)),
                None => answer,
            },
            _ => answer,
        })
    }
}

/// Takes one out, has one twice, or swaps two.
fn shuffle<T: Clone>(list: &mut Vec<T>, dice: &mut Dice) {
    if list.is_empty() {
        return;
    }
    let (at, other) = (dice.below(list.len()), dice.below(list.len()));
    match dice.below(3) {
        0 => drop(list.remove(at)),
        1 => list.insert(other, list[at].clone()),
        _ => list.swap(at, other),
    }
}

fn garble_records(page: &mut PullPage, seen: &[SealedRecord], dice: &mut Dice) {
    if dice.percent(50) {
        return shuffle(&mut page.records, dice);
    }
    // Another record, of whichever item and time, in place of one.
    let at = dice.below(page.records.len());
    if let (Some(place), Some(other)) = (page.records.get_mut(at), dice.pick(seen)) {
        *place = other.clone();
    }
}

fn garble_entries(page: &mut LogPage, dice: &mut Dice) {
    if page.bundles.is_empty() || dice.percent(40) {
        return shuffle(&mut page.bundles, dice);
    }
    let (at, other) = (dice.below(page.bundles.len()), dice.below(page.bundles.len()));
    let header = page.bundles[other].header.clone();
    let bundle = &mut page.bundles[at];
    match dice.below(3) {
        0 => bundle.header = None,
        1 => bundle.wraps.clear(),
        _ => bundle.header = header,
    }
}

/// Signs for a head that there is not, a little before or after the one that there is.
fn claim(heads: &mut Heads, account: AccountId, server: &EvilServer, dice: &mut Dice) {
    let key = ReceiptKey(server.receipt_key());
    let chain = if dice.percent(50) { Chain::Log } else { Chain::Vault };
    let signed = match chain {
        Chain::Log => Some(&mut heads.log),
        Chain::Vault => heads.vault.as_mut(),
    };
    let Some(signed) = signed else { return };
    let Ok(receipt) = receipt::verify(signed, &key) else { return };
    let seq = (receipt.pin.seq + dice.below(3) as u64).saturating_sub(1).max(1);
    let pin = Pin { seq, id: [dice.below(256) as u8; 32] };
    let forged = server.sign_receipt(account, chain, pin);
    *signed = forged;
}

fn keep<T>(list: &mut Vec<T>, new: T) {
    if list.len() >= KEPT {
        list.remove(0);
    }
    list.push(new);
}

/// What the server remembers of each kind: enough to go back a good way.
const KEPT: usize = 24;
