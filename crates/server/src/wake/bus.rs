use std::sync::Arc;

use roamkey_server_store::StoreError;
use roamkey_store_postgres::{Listener, PostgresStore};

use super::nats::{Nats, NatsError, Subscription};

/// What carries messages to every instance.
pub(crate) enum Bus {
    Postgres(Arc<PostgresStore>),
    Nats(Nats),
}

/// An open ear.
#[expect(clippy::large_enum_variant, reason = "an instance has one")]
pub(crate) enum Listening {
    Postgres(Listener),
    Nats(Subscription),
}

pub(crate) enum Heard {
    Message(String),
    /// The connection was gone for a while.
    MayHaveMissed,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum BusError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Nats(#[from] NatsError),
}

impl Bus {
    pub(super) async fn tell(&self, messages: Vec<String>) -> Result<(), BusError> {
        match self {
            Self::Postgres(store) => Ok(store.notify(messages).await?),
            Self::Nats(nats) => Ok(nats.publish(messages).await?),
        }
    }

    pub(super) async fn listen(&self) -> Result<Listening, BusError> {
        match self {
            Self::Postgres(store) => Ok(Listening::Postgres(store.listen().await?)),
            Self::Nats(nats) => Ok(Listening::Nats(nats.subscribe().await?)),
        }
    }
}

impl Listening {
    /// Waits for the next; none when the connection is lost for good.
    pub(super) async fn next(&mut self) -> Option<Heard> {
        match self {
            Self::Postgres(listener) => listener.next().await.map(Heard::Message),
            Self::Nats(subscription) => subscription.next().await,
        }
    }
}
