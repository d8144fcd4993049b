use std::{
    future::poll_fn,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio_postgres::{AsyncMessage, Config};

use crate::{failure::Failure, options::Options, session::Session, tls::Tls, work::Work};

/// Connections, made when they are needed and kept while they work.
pub(crate) struct Pool {
    config: Config,
    tls: Tls,
    idle: Mutex<Vec<Session>>,
    /// As many permits as there may be connections.
    free: Semaphore,
}

/// A connection that is ours until it is given back. One that is dropped instead is closed: whatever
/// it was in the middle of, the database undoes.
pub(crate) struct Lease<'a> {
    pub(crate) session: Session,
    pool: &'a Pool,
    _permit: SemaphorePermit<'a>,
}

impl Pool {
    pub(crate) fn new(options: &Options, tls: Tls) -> Self {
        let free = Semaphore::new(options.connections.max(1));
        Self { config: options.config.clone(), tls, idle: Mutex::default(), free }
    }

    pub(crate) async fn take(&self) -> Result<Lease<'_>, Failure> {
        let permit = self.free.acquire().await.map_err(|_| Failure::Late)?;
        let session = match self.take_idle() {
            Some(session) => session,
            None => self.connect(None).await?,
        };
        Ok(Lease { session, pool: self, _permit: permit })
    }

    /// Forgets the connections that wait: the host that they lead to is gone or is a standby now.
    pub(crate) fn forget(&self) {
        self.lock().clear();
    }

    /// Makes a connection outside the pool whose notifications go here.
    pub(crate) async fn connect(&self, heard: Option<mpsc::Sender<String>>) -> Result<Session, Failure> {
        let (client, mut connection) = self.config.connect(self.tls.clone()).await?;
        let driver = tokio::spawn(async move {
            loop {
                match poll_fn(|context| connection.poll_message(context)).await {
                    Some(Ok(AsyncMessage::Notification(notification))) => {
                        if let Some(heard) = &heard
                            && heard.send(notification.payload().to_owned()).await.is_err()
                        {
                            return;
                        }
                    }
                    Some(Ok(AsyncMessage::Notice(notice))) => {
                        tracing::debug!(code = notice.code().code(), "a notice of the database");
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => {
                        tracing::debug!(%error, "a connection to the database ended");
                        return;
                    }
                    None => return,
                }
            }
        });
        let session = Session::new(client, driver);
        session.batch(SET_UP).await?;
        Ok(session)
    }

    fn take_idle(&self) -> Option<Session> {
        let mut idle = self.lock();
        idle.retain(|session| !session.is_closed());
        idle.pop()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Finds out whether a pooler gives a connection of ours to others between two transactions. What is set once a connection
/// (`synchronous_commit`) would then hold for whoever comes next, and a listener would hear nothing.
pub(crate) struct SharesConnections(pub(crate) SharedPool);

impl Work for SharesConnections {
    type Outcome = bool;

    /// While another connection is in the middle of a transaction, such a pooler has to serve us by another process.
    async fn attempt(&mut self, session: &Session) -> Result<bool, Failure> {
        let before = session.process().await?;
        let other = self.0.connect(None).await?;
        other.begin().await?;
        other.process().await?;
        let shares = session.process().await? != before;
        other.rollback().await?;
        Ok(shares)
    }
}

impl Lease<'_> {
    /// Lets others use the connection.
    pub(crate) fn give_back(self) {
        if !self.session.is_closed() {
            self.pool.lock().push(self.session);
        }
    }
}

pub(crate) type SharedPool = Arc<Pool>;

/// What a connection needs to be told.
///
/// A time limit on statements would also cut short the wait for a synchronous standby, with a
/// warning and a commit that is acknowledged all the same. And an acknowledged change is durable.
const SET_UP: &str = "SET statement_timeout = 0;
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit', true) = 'off'";
