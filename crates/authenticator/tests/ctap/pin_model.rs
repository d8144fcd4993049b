//! The PIN against a model of it: whatever a person, a thief and a power cut do, in whatever order.

use proptest::prelude::*;
use roamkey_authenticator::ctap::Status;

use crate::{
    platform::{Protocol, Token},
    stores::Kind,
    world::{ACFG, World},
};

const PINS: [&str; 3] = ["1357a", "2468b", "9021c"];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Set(usize),
    Change {
        old: usize,
        new: usize,
    },
    Token {
        pin: usize,
        legacy: bool,
    },
    UseToken,
    CyclePower,
    /// The power fails at the next write, before or after it is done; what comes next meets it.
    PowerFailsAt {
        write: u32,
        heard: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let pin = 0..PINS.len();
    prop_oneof![
        2 => pin.clone().prop_map(Step::Set),
        3 => (pin.clone(), pin.clone()).prop_map(|(old, new)| Step::Change { old, new }),
        6 => (pin, any::<bool>()).prop_map(|(pin, legacy)| Step::Token { pin, legacy }),
        3 => Just(Step::UseToken),
        2 => Just(Step::CyclePower),
        2 => (0..3u32, any::<bool>()).prop_map(|(write, heard)| Step::PowerFailsAt { write, heard }),
    ]
}

/// What the PIN should do.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Model {
    pin: Option<usize>,
    retries: u8,
    in_a_row: u8,
    has_token: bool,
}

impl Model {
    fn new() -> Self {
        Self { pin: None, retries: 8, in_a_row: 0, has_token: false }
    }

    /// Whether a PIN may be tried, and what says no.
    fn gate(&self) -> Result<(), Status> {
        match self {
            Self { pin: None, .. } => Err(Status::PinNotSet),
            Self { retries: 0, .. } => Err(Status::PinBlocked),
            Self { in_a_row: 3, .. } => Err(Status::PinAuthBlocked),
            _ => Ok(()),
        }
    }

    fn try_pin(&mut self, pin: usize) -> Result<(), Status> {
        self.gate()?;
        if self.pin == Some(pin) {
            (self.retries, self.in_a_row) = (8, 0);
            return Ok(());
        }
        self.retries -= 1;
        self.in_a_row += 1;
        Err(match (self.retries, self.in_a_row) {
            (0, _) => Status::PinBlocked,
            (_, 3) => Status::PinAuthBlocked,
            _ => Status::PinInvalid,
        })
    }

    fn apply(&mut self, step: &Step) -> Result<(), Status> {
        match *step {
            Step::Set(_) if self.pin.is_some() => Err(Status::PinAuthInvalid),
            Step::Set(pin) => {
                self.pin = Some(pin);
                Ok(())
            }
            Step::Change { old, new } => {
                self.try_pin(old)?;
                (self.pin, self.has_token) = (Some(new), false);
                Ok(())
            }
            Step::Token { pin, .. } => {
                self.try_pin(pin)?;
                self.has_token = true;
                Ok(())
            }
            Step::UseToken if self.pin.is_none() => Ok(()),
            Step::UseToken if self.has_token => Ok(()),
            Step::UseToken => Err(Status::PinAuthInvalid),
            Step::CyclePower => {
                (self.in_a_row, self.has_token) = (0, false);
                Ok(())
            }
            Step::PowerFailsAt { .. } => Ok(()),
        }
    }
}

/// The device, and the last token it gave.
struct Actual {
    world: World,
    token: Token,
}

impl Actual {
    fn apply(&mut self, step: &Step, protocol: Protocol) -> Result<(), Status> {
        let world = &mut self.world;
        match *step {
            Step::Set(pin) => world.set_pin(protocol, PINS[pin]).map(drop),
            Step::Change { old, new } => world.change_pin(protocol, PINS[old], PINS[new]).map(drop),
            // A token without permissions configures nothing: both kinds are asked for, one is kept.
            Step::Token { pin, legacy: true } => world.legacy_token(protocol, PINS[pin]).map(drop),
            Step::Token { pin, legacy: false } => {
                self.token = world.token(protocol, PINS[pin], ACFG, None)?;
                Ok(())
            }
            Step::UseToken => world.config(Some(&self.token), 2, None).map(drop),
            Step::CyclePower => {
                world.cycle_power();
                Ok(())
            }
            Step::PowerFailsAt { write, heard } => {
                world.failpoint.arm(write, if heard { Kind::Lost } else { Kind::Unheard });
                Ok(())
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_device_does_what_the_model_does(
        steps in proptest::collection::vec(step(), 1..24),
        two: bool,
    ) {
        let protocol = if two { Protocol::Two } else { Protocol::One };
        let token = Token { protocol, secret: vec![0; 32] };
        let mut actual = Actual { world: World::new(), token };
        let mut model = Model::new();
        for step in steps {
            let before = model.clone();
            let expected = model.apply(&step);
            // A legacy token replaces the one that configures, and does not configure itself.
            if let (Step::Token { legacy: true, .. }, Ok(())) = (&step, &expected) {
                model.has_token = false;
            }
            let answered = actual.apply(&step, protocol);
            if answered == Err(Status::Other) {
                // The power failed inside: what counts is what the device knows when it is back.
                actual.world.failpoint.disarm();
                actual.world.cycle_power();
                model = after_power_cut(&before, &step, &mut actual)?;
            } else {
                prop_assert_eq!(answered, expected, "{:?} of {:?}", step, before);
            }
            let armed = actual.world.failpoint.clone();
            let retries = actual.world.client_pin([(2, crate::wire::int(1))]);
            match model.pin {
                None => prop_assert_eq!(retries, Err(Status::PinNotSet)),
                Some(_) => {
                    let retries = crate::wire::as_int(crate::wire::member(&retries.unwrap(), 3));
                    prop_assert_eq!(retries, i64::from(model.retries));
                }
            }
            drop(armed);
        }
    }
}

/// The device after a power cut within a step: it never has more tries than before, unless the right PIN came, and its PIN is
/// the old one or the one it was being given.
fn after_power_cut(before: &Model, step: &Step, actual: &mut Actual) -> Result<Model, TestCaseError> {
    let mut model = Model { in_a_row: 0, has_token: false, ..before.clone() };
    let was_right = match step {
        Step::Change { old, .. } => before.pin == Some(*old),
        Step::Token { pin, .. } => before.pin == Some(*pin),
        _ => true,
    };
    if let Ok(answer) = actual.world.client_pin([(2, crate::wire::int(1))]) {
        model.retries = u8::try_from(crate::wire::as_int(crate::wire::member(&answer, 3))).unwrap();
        let most = if was_right { 8 } else { before.retries };
        prop_assert!(model.retries <= most);
        prop_assert!(model.retries + 1 >= before.retries);
    }
    let candidates: Vec<usize> = match (step, before.pin) {
        (Step::Set(pin), None) => vec![*pin],
        (Step::Change { new, .. }, Some(old)) if was_right => vec![old, *new],
        (_, Some(old)) => vec![old],
        (_, None) => vec![],
    };
    if actual.world.option("clientPin") == Some(false) {
        prop_assert_eq!(before.pin, None);
        model.pin = None;
        return Ok(model);
    }
    if model.retries == 0 {
        return Ok(model);
    }
    // Found out by trying, which the model does along.
    for pin in candidates {
        model.pin = Some(pin);
        let answered = actual.world.legacy_token(Protocol::Two, PINS[pin]);
        if answered.is_ok() {
            (model.retries, model.in_a_row) = (8, 0);
            return Ok(model);
        }
        model.retries -= 1;
        model.in_a_row += 1;
        if model.retries == 0 {
            return Ok(model);
        }
    }
    Err(TestCaseError::fail("the PIN is neither the old one nor the new one"))
}
