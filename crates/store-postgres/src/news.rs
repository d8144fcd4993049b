use std::time::Duration;

use roamkey_server_store::{Answer, StoreError};
use tokio::{sync::mpsc, time::timeout};

use crate::{PostgresStore, failure::Failure, session::Session, work::Work};

/// Hears what instances tell each other through the database.
pub struct Listener {
    heard: mpsc::Receiver<String>,
    /// Its connection ends when this goes.
    session: Session,
    silence: Duration,
}

impl PostgresStore {
    /// Tells every instance that listens. What nobody hears is lost.
    pub fn notify(&self, messages: Vec<String>) -> Answer<'_, ()> {
        self.run(Notify(messages))
    }

    /// Listens on a connection of its own.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database cannot be reached.
    pub async fn listen(&self) -> Result<Listener, StoreError> {
        let (heard, hears) = mpsc::channel(BACKLOG);
        let session = self.pool.connect(Some(heard)).await.map_err(Failure::into_error)?;
        session.batch("LISTEN roamkey").await.map_err(|error| Failure::from(error).into_error())?;
        Ok(Listener { heard: hears, session, silence: self.listener_silence })
    }
}

impl Listener {
    /// Waits for the next message. None when the connection is lost: what was said meanwhile is, too.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Ok(heard) = timeout(self.silence, self.heard.recv()).await {
                return heard;
            }
            // A host that is gone says nothing either, and would be waited for without end.
            let is_there = timeout(self.silence, self.session.batch("")).await;
            if !matches!(is_there, Ok(Ok(()))) {
                return None;
            }
        }
    }
}

struct Notify(Vec<String>);

impl Work for Notify {
    type Outcome = ();

    async fn attempt(&mut self, session: &Session) -> Result<(), Failure> {
        session.rows_of("SELECT pg_notify('roamkey', message) FROM unnest($1::text[]) AS message", &[&self.0]).await?;
        Ok(())
    }
}

/// Messages that wait for a slow listener before the connection does.
const BACKLOG: usize = 1024;
