//! What the server is up to.

use super::{
    Fleet,
    tricks::{self, Trick},
};
use crate::evil::lies;

impl Fleet<'_> {
    /// Changes now and then what the server does.
    pub(super) fn rule(&mut self) {
        match self.dice.below(100) {
            0..8 => self.be_honest(),
            8..22 => self.play_tricks(),
            22..26 => self.fall_silent(),
            26..29 => self.lie_about_time(),
            29..31 if self.twists => self.remember(),
            31..33 if self.twists => self.fork(),
            33..35 if self.twists => self.roll_back(),
            35..38 if self.twists => self.mix(),
            _ => {}
        }
    }

    fn be_honest(&mut self) {
        self.say("the server tells no lie");
        self.world.server.tell_none();
    }

    fn play_tricks(&mut self) {
        let allowed: Vec<_> = Trick::ALL.into_iter().filter(|trick| self.twists || *trick != Trick::Claim).collect();
        let (tricks, devices) = (self.dice.some(&allowed), self.some_machines());
        let percent = 10 + self.dice.below(80);
        self.has_twisted |= tricks.contains(&Trick::Claim);
        self.say(&format!("the server plays {tricks:?} on {percent} of 100 exchanges with machines {devices:?}"));
        let dice = self.dice.split();
        self.world.server.tell(tricks::play(dice, tricks, devices, percent));
    }

    fn fall_silent(&mut self) {
        let devices = self.some_machines();
        self.say(&format!("the server is out of reach of machines {devices:?}"));
        self.world.server.tell(lies::silent_to(devices));
    }

    fn lie_about_time(&mut self) {
        let hours = self.dice.below(200) as i64 - 100;
        self.say(&format!("the server's clock is {hours} hours off"));
        self.world.server.lie_about_time(hours * HOUR_MS);
    }

    fn remember(&mut self) {
        let device = self.any_machine();
        self.say("the server keeps a copy of all that it has");
        self.past.push(self.world.server.snapshot(device));
    }

    fn fork(&mut self) {
        if self.forks == FORKS {
            return;
        }
        (self.forks, self.has_twisted) = (self.forks + 1, true);
        let devices = self.some_machines();
        let past = if self.dice.percent(50) { self.past.pop() } else { None };
        self.say(&format!("machines {devices:?} are shown a history of their own, {}", was(past.is_some())));
        match past {
            Some(past) => self.world.server.fork_from(&devices, &past),
            None => self.world.server.fork(&devices),
        }
    }

    fn roll_back(&mut self) {
        let Some(past) = self.past.pop() else { return };
        let device = self.any_machine();
        self.has_twisted = true;
        self.say(&format!("the server goes back, for all who see what machine {device} does"));
        self.world.server.roll_back(device, &past);
    }

    fn mix(&mut self) {
        let (device, other) = (self.any_machine(), self.any_machine());
        self.say(&format!("machine {device} is shown what machine {other} is"));
        self.world.server.route_like(device, other);
    }

    fn machines(&self) -> Vec<usize> {
        self.present().into_iter().map(|device| self.world.device(device).machine()).collect()
    }

    fn some_machines(&mut self) -> Vec<usize> {
        let machines = self.machines();
        self.dice.some(&machines)
    }

    fn any_machine(&mut self) -> usize {
        let machines = self.machines();
        self.dice.pick(&machines).copied().unwrap_or_default()
    }
}

fn was(past: bool) -> &'static str {
    if past { "from an earlier state on" } else { "from here on" }
}

/// Each is a server of its own.
const FORKS: usize = 2;

const HOUR_MS: i64 = 60 * 60 * 1000;
