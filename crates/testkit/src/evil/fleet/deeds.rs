//! What people do on their devices.

use pollster::block_on;
use roamkey_client::{Error, ItemDraft, Revocation, Summary};
use roamkey_proto::{ItemId, RevokeReason};
use roamkey_vault::{
    Change, Content, Item, SecretText,
    item::{Login, Note},
};

use super::{EXCHANGES, Fleet, Typed};
use crate::evil::passphrase;

impl Fleet<'_> {
    /// One device does something.
    pub(super) fn deed(&mut self) {
        let present = self.present();
        let Some(&device) = self.dice.pick(&present) else { return };
        self.world.server.allow(EXCHANGES);
        match self.dice.below(100) {
            0..16 => self.write(device),
            16..34 => self.rename(device),
            34..38 => self.trash(device),
            38..41 => self.restore(device),
            41..43 => self.purge(device),
            43..48 => self.crash(device),
            48..52 => self.pair(device),
            52..55 => self.revoke(device),
            55..57 => self.renew(device),
            57..58 => self.leave(device),
            58..61 => self.check_up(device),
            61..64 => self.pass_time(),
            64..66 => self.set_clock(device),
            66..67 => self.close_or_keep(device),
            67..68 => self.lose(device),
            _ => _ = self.sync(device),
        }
        if !self.gone.contains(&device) {
            self.world.check(device);
        }
    }

    fn write(&mut self, device: usize) {
        let canaries = &mut self.world.canaries;
        let title = canaries.plant("title");
        let secret = SecretText::new(canaries.plant("secret"));
        let draft = if self.dice.percent(80) {
            ItemDraft::Note(Note { title: title.clone(), text: secret, ..Note::default() })
        } else {
            let sites = vec![canaries.plant_host()];
            let login = Login { title: title.clone(), sites, password: Some(secret), ..Login::default() };
            ItemDraft::Login(login)
        };
        self.say(&format!("device {device} types a new item, {title}"));
        let item = block_on(self.world.session(device).add(draft)).expect("a device takes what is typed");
        self.typed(device, item, title);
    }

    fn rename(&mut self, device: usize) {
        let Some(shown) = self.some_item(device, |_| true) else { return };
        let title = self.world.canaries.plant("title");
        self.say(&format!("device {device} renames {} to {title}", shown.title));
        let change = Change::Title(title.clone());
        block_on(self.world.session(device).change(shown.id, &[change])).expect("a device takes what is typed");
        self.replaced.insert((shown.id, shown.title));
        self.typed(device, shown.id, title);
    }

    fn typed(&mut self, device: usize, item: ItemId, title: String) {
        self.world.note_written(device, item);
        self.tally.typed += 1;
        self.typed.push(Typed { device, item, title });
    }

    fn trash(&mut self, device: usize) {
        let Some(shown) = self.some_item(device, |item| item.trashed.is_none()) else { return };
        self.say(&format!("device {device} throws {} away", shown.title));
        block_on(self.world.session(device).trash(shown.id)).expect("a device takes what is asked");
    }

    fn restore(&mut self, device: usize) {
        let Some(shown) = self.some_item(device, |item| item.trashed.is_some()) else { return };
        self.say(&format!("device {device} takes {} back", shown.title));
        block_on(self.world.session(device).restore(shown.id)).expect("a device takes what is asked");
    }

    fn purge(&mut self, device: usize) {
        let Some(shown) = self.some_item(device, |item| item.trashed.is_some()) else { return };
        self.say(&format!("device {device} destroys {}", shown.title));
        block_on(self.world.session(device).purge(shown.id)).expect("a device takes what is asked");
        self.purged.insert(shown.id);
    }

    fn crash(&mut self, device: usize) {
        self.say(&format!("device {device} dies and starts again"));
        self.world.crash(device);
    }

    fn pair(&mut self, member: usize) {
        if self.world.len() == DEVICES {
            return;
        }
        let paired = self.world.try_add_device(member);
        self.say(&format!("device {member} lets another one in: {paired:?}"));
    }

    fn revoke(&mut self, by: usize) {
        let others: Vec<_> = self.present().into_iter().filter(|device| *device != by).collect();
        let Some(&victim) = self.dice.pick(&others) else { return };
        self.revoke_this(by, victim);
    }

    /// Revokes a device; what it had let in stays, or goes too.
    pub(super) fn revoke_this(&mut self, by: usize, victim: usize) {
        let session = self.world.session(by);
        let mut devices = vec![self.world.id(victim)];
        let Ok(mut planted) = block_on(session.planted_by(&devices)) else { return };
        let own = self.world.id(by);
        let keep = if planted.contains(&own) || self.dice.percent(50) {
            planted
        } else {
            devices.append(&mut planted);
            Vec::new()
        };
        let count = devices.len();
        let revocation = Revocation { devices, keep, reason: RevokeReason::Lost, keep_slots: Vec::new() };
        let revoked = block_on(session.revoke(revocation));
        self.tally.revoked += if revoked.is_ok() { count } else { 0 };
        self.say(&format!("device {by} revokes device {victim}, {count} in all: {}", told(&revoked)));
    }

    fn renew(&mut self, device: usize) {
        let renewed = block_on(self.world.session(device).renew_keys());
        if renewed.is_ok() {
            self.renewed.insert(device);
        }
        self.say(&format!("device {device} draws new keys: {}", told(&renewed)));
    }

    fn leave(&mut self, device: usize) {
        if self.present().len() < 3 {
            return;
        }
        let left = block_on(self.world.session(device).leave(false));
        self.say(&format!("device {device} leaves: {}", told(&left)));
        if left.is_ok() {
            self.gone.insert(device);
        }
    }

    /// Two devices beside each other compare where they are.
    fn check_up(&mut self, device: usize) {
        let present = self.present();
        let Some(&other) = self.dice.pick(&present) else { return };
        // Whoever is out, or not in yet, shows none that is believed.
        let Ok(shown) = self.world.session(other).check_up_code() else { return };
        let compared = block_on(self.world.session(device).compare(&shown));
        self.say(&format!("device {device} looks at device {other}: {compared:?}"));
    }

    fn pass_time(&mut self) {
        let minutes = self.dice.below(26 * 60) as u64;
        self.say(&format!("{minutes} minutes pass"));
        self.world.pass_millis(minutes * 60_000);
    }

    fn set_clock(&mut self, device: usize) {
        let hours = self.dice.below(72) as i64 - 36;
        self.say(&format!("the clock of device {device} is {hours} hours off"));
        self.world.device(device).skew(hours * 60 * 60 * 1000);
    }

    fn close_or_keep(&mut self, device: usize) {
        let session = self.world.session(device);
        let closed = block_on(async {
            match session.closing().await? {
                None => session.close_account(&passphrase()).await,
                Some(_) => session.keep_account().await,
            }
        });
        self.say(&format!("device {device} wants the account closed, or kept after all: {}", told(&closed)));
        self.keep();
    }

    /// Whoever sees that the account is to end calls that off: a week is soon over here.
    pub(super) fn keep(&mut self) {
        for device in self.present() {
            let session = self.world.session(device);
            if matches!(block_on(session.closing()), Ok(Some(_))) {
                let kept = block_on(session.keep_account());
                self.say(&format!("device {device} keeps the account: {}", told(&kept)));
            }
        }
    }

    fn lose(&mut self, device: usize) {
        // Where there are several histories, none of them says which epochs a thief knows.
        if self.twists || self.present().len() - self.lost.len() < 3 || !self.lost.insert(device) {
            return;
        }
        self.say(&format!("device {device} is in a thief's hands, unlocked"));
        self.world.lose(device);
    }

    fn some_item(&mut self, device: usize, wanted: impl Fn(&Summary) -> bool) -> Option<Summary> {
        let list = block_on(self.world.session(device).list()).expect("a device reads its items");
        let wanted: Vec<_> = list.into_iter().filter(wanted).collect();
        self.dice.pick(&wanted).cloned()
    }
}

/// Returns the title of an item.
pub(super) fn title_of(item: &Item) -> Option<&str> {
    match &item.content {
        Content::Note(note) => Some(&note.title),
        Content::Login(login) => Some(&login.title),
        _ => None,
    }
}

fn told<T>(outcome: &Result<T, Error>) -> String {
    outcome.as_ref().map_or_else(ToString::to_string, |_| "done".to_owned())
}

/// How many devices a fleet has in its life.
const DEVICES: usize = 6;
