//! What a malicious server does with a request: the usual ones, by name.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use minicbor::{Decode, Encode};
use roamkey_client::Unreachable;
use roamkey_proto::{
    Bundle, Chain, Pin,
    api::{Heads, LogPage, PullPage},
};

use super::{Answer, Ask, Endpoint, EvilServer, exchange::silence};

/// Decides what becomes of a request and what comes back.
pub type Lie = Box<dyn FnMut(&Ask, &EvilServer) -> Result<Answer, Unreachable>>;

/// Lets requests to this endpoint never arrive.
#[must_use]
pub fn drop_requests(endpoint: Endpoint) -> Lie {
    Box::new(move |ask, server| if ask.endpoint() == endpoint { Err(silence()) } else { server.forward(ask) })
}

/// Lets requests to this endpoint arrive, and loses their answers.
#[must_use]
pub fn drop_answers(endpoint: Endpoint) -> Lie {
    Box::new(move |ask, server| {
        let answer = server.forward(ask);
        if ask.endpoint() == endpoint { Err(silence()) } else { answer }
    })
}

/// Delivers requests to this endpoint twice; the second answer comes back.
#[must_use]
pub fn duplicate(endpoint: Endpoint) -> Lie {
    Box::new(move |ask, server| {
        if ask.endpoint() == endpoint {
            _ = server.forward(ask);
        }
        server.forward(ask)
    })
}

/// Holds each request to this endpoint up: it arrives after so many other exchanges, when nobody waits for it any more.
#[must_use]
pub fn delay(endpoint: Endpoint, exchanges: u64) -> Lie {
    Box::new(move |ask, server| {
        if ask.endpoint() != endpoint {
            return server.forward(ask);
        }
        server.hold_up(ask, exchanges);
        Err(silence())
    })
}

/// Gives each device the answers of this endpoint one request late: to each, what the one before would have got.
#[must_use]
pub fn delay_answers(endpoint: Endpoint) -> Lie {
    let mut before: BTreeMap<usize, Answer> = BTreeMap::new();
    Box::new(move |ask, server| {
        let answer = server.forward(ask)?;
        if ask.endpoint() != endpoint {
            return Ok(answer);
        }
        before.insert(ask.device, answer).ok_or_else(silence)
    })
}

/// Edits the answers of this endpoint.
#[must_use]
pub fn edit<T>(endpoint: Endpoint, mut edit: impl FnMut(&mut T) + 'static) -> Lie
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    Box::new(move |ask, server| {
        let answer = server.forward(ask)?;
        Ok(if ask.endpoint() == endpoint { answer.edited(&mut edit) } else { answer })
    })
}

/// Edits pages of the log.
#[must_use]
pub fn edit_log(edit_page: impl FnMut(&mut LogPage) + 'static) -> Lie {
    edit(Endpoint::Log, edit_page)
}

/// Edits each bundle of the log.
#[must_use]
pub fn edit_bundles(mut edit_bundle: impl FnMut(&mut Bundle) + 'static) -> Lie {
    edit_log(move |page| page.bundles.iter_mut().for_each(&mut edit_bundle))
}

/// Edits pages of pulls.
#[must_use]
pub fn edit_pulls(edit_page: impl FnMut(&mut PullPage) + 'static) -> Lie {
    edit(Endpoint::Pull, edit_page)
}

/// Claims another head, signed as the server signs.
#[must_use]
pub fn claim_head(chain: Chain, pin: Pin) -> Lie {
    Box::new(move |ask, server| {
        let answer = server.forward(ask)?;
        let Some(account) = ask.account().filter(|_| ask.endpoint() == Endpoint::Heads) else { return Ok(answer) };
        let receipt = server.sign_receipt(account, chain, pin);
        Ok(answer.edited(|heads: &mut Heads| match chain {
            Chain::Log => heads.log = receipt,
            Chain::Vault => heads.vault = Some(receipt),
        }))
    })
}

/// Replays to a device the first answer that this endpoint gave it, whatever it asks.
#[must_use]
pub fn replay_first(endpoint: Endpoint, device: usize) -> Lie {
    let first: Rc<RefCell<Option<Answer>>> = Rc::default();
    Box::new(move |ask, server| {
        if ask.endpoint() != endpoint || ask.device != device {
            return server.forward(ask);
        }
        if let Some(answer) = first.borrow().as_ref() {
            return Ok(answer.clone());
        }
        let answer = server.forward(ask)?;
        *first.borrow_mut() = Some(answer.clone());
        Ok(answer)
    })
}

/// Gives every request to this endpoint the same answer.
#[must_use]
pub fn answer_with(endpoint: Endpoint, answer: Answer) -> Lie {
    Box::new(move |ask, server| if ask.endpoint() == endpoint { Ok(answer.clone()) } else { server.forward(ask) })
}

/// Flips a bit of every answer of this endpoint.
#[must_use]
pub fn flip_bit(endpoint: Endpoint, bit: usize) -> Lie {
    Box::new(move |ask, server| {
        let mut answer = server.forward(ask)?;
        if ask.endpoint() == endpoint && !answer.body.is_empty() {
            let at = (bit / 8) % answer.body.len();
            answer.body[at] ^= 1 << (bit % 8);
        }
        Ok(answer)
    })
}

/// Lies to this device only.
#[must_use]
pub fn only(device: usize, mut lie: Lie) -> Lie {
    Box::new(move |ask, server| if ask.device == device { lie(ask, server) } else { server.forward(ask) })
}

/// Is not there at all, for these devices.
#[must_use]
pub fn silent_to(devices: Vec<usize>) -> Lie {
    Box::new(move |ask, server| if devices.contains(&ask.device) { Err(silence()) } else { server.forward(ask) })
}
