use std::{future::Future, time::Duration};

use roamkey_server_store::{Answer, StoreError};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    PostgresStore,
    failure::{Cure, Failure},
    options::Options,
    pool::{Pool, SharedPool},
    session::Session,
};

/// A change or a read: tried until it has an outcome.
///
/// A try may have been made in full although its answer was lost, so each try begins by looking
/// whether its change is there. What one try learnt for that, it keeps in itself for the next.
pub(crate) trait Work: Send + 'static {
    type Outcome: Send + 'static;

    fn attempt(&mut self, session: &Session) -> impl Future<Output = Result<Self::Outcome, Failure>> + Send;
}

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// All tries together.
    pub(crate) patience: Duration,
    /// One try.
    pub(crate) try_time: Duration,
}

impl From<&Options> for Effort {
    fn from(options: &Options) -> Self {
        Self { patience: options.patience, try_time: options.try_time }
    }
}

impl PostgresStore {
    /// Does the work in a task of its own: a caller who goes away does not leave it half done.
    pub(crate) fn run<W: Work>(&self, work: W) -> Answer<'_, W::Outcome> {
        self.run_with(work, self.effort)
    }

    pub(crate) fn run_with<W: Work>(&self, work: W, effort: Effort) -> Answer<'_, W::Outcome> {
        let pool = SharedPool::clone(&self.pool);
        Box::pin(async move {
            let done = tokio::spawn(async move { run(&pool, work, effort).await });
            done.await.map_err(|error| StoreError::Internal(Box::new(error)))?
        })
    }
}

pub(crate) async fn run<W: Work>(pool: &Pool, mut work: W, effort: Effort) -> Result<W::Outcome, StoreError> {
    let end = Instant::now() + effort.patience;
    let mut pause = FIRST_PAUSE;
    loop {
        let failure = match attempt(pool, &mut work, effort.try_time.min(end - Instant::now())).await {
            Ok(outcome) => return Ok(outcome),
            Err(failure) => failure,
        };
        let cure = failure.cure();
        if matches!(cure, Cure::Wait | Cure::None) || Instant::now() + pause >= end {
            return Err(failure.into_error());
        }
        if cure == Cure::Reconnect {
            tracing::debug!(%failure, "connecting anew");
        }
        sleep(jitter(pause)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn attempt<W: Work>(pool: &Pool, work: &mut W, time: Duration) -> Result<W::Outcome, Failure> {
    let end = Instant::now() + time;
    let lease = timeout(time, pool.take()).await.map_err(|_| Failure::Late)??;
    let result = timeout(end - Instant::now(), work.attempt(&lease.session)).await.unwrap_or(Err(Failure::Late));
    match &result {
        Ok(_) => lease.give_back(),
        Err(failure) if failure.cure() == Cure::Reconnect => {
            drop(lease);
            pool.forget();
        }
        // The database undoes a transaction that failed only when it is told to.
        Err(_) => {
            if matches!(timeout(ROLLBACK_TIME, lease.session.rollback()).await, Ok(Ok(()))) {
                lease.give_back();
            }
        }
    }
    result
}

/// Between half of a pause and all of it, so that those who met once do not meet again.
fn jitter(pause: Duration) -> Duration {
    let mut byte = [0];
    // Without randomness everyone waits as long: slower, and right.
    let _ = getrandom::fill(&mut byte);
    pause.mul_f64(0.5 + f64::from(byte[0]) / 512.0)
}

const FIRST_PAUSE: Duration = Duration::from_millis(4);

const LONGEST_PAUSE: Duration = Duration::from_millis(500);

const ROLLBACK_TIME: Duration = Duration::from_secs(2);
