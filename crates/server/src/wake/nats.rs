use std::sync::Arc;

use async_nats::{Client, ConnectOptions, Event, Subscriber, client};
use tokio::sync::Notify;

use super::bus::Heard;

/// A NATS server, and the subject that the instances of one database share.
pub(crate) struct Nats {
    client: Client,
    subject: String,
    /// Rings when the connection is there, the first time and every time after it was lost.
    connected: Arc<Notify>,
}

/// What instances publish.
pub(crate) struct Subscription {
    messages: Subscriber,
    connected: Arc<Notify>,
}

/// NATS does not take a message or a subscription.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NatsError {
    #[error("the address of the NATS server does not serve")]
    Connect(#[from] async_nats::ConnectError),
    #[error("NATS does not take a message")]
    Publish(#[from] client::PublishError),
    #[error("NATS does not answer")]
    Flush(#[from] client::FlushError),
    #[error("NATS does not take a subscription")]
    Subscribe(#[from] async_nats::SubscribeError),
}

impl Nats {
    /// Connects in the background: a NATS server that is away delays wake-ups, and stops nothing.
    pub(crate) async fn connect(url: &str, subject: String) -> Result<Self, NatsError> {
        let connected = Arc::new(Notify::new());
        let rings = Arc::clone(&connected);
        let options = ConnectOptions::new().name("roamkey-server").retry_on_initial_connect();
        let options = options.event_callback(move |event| {
            let rings = Arc::clone(&rings);
            async move {
                match event {
                    Event::Connected => rings.notify_one(),
                    event => tracing::info!(%event, "NATS"),
                }
            }
        });
        Ok(Self { client: options.connect(url).await?, subject, connected })
    }

    pub(super) async fn publish(&self, messages: Vec<String>) -> Result<(), NatsError> {
        for message in messages {
            self.client.publish(self.subject.clone(), message.into()).await?;
        }
        Ok(self.client.flush().await?)
    }

    pub(super) async fn subscribe(&self) -> Result<Subscription, NatsError> {
        let messages = self.client.subscribe(self.subject.clone()).await?;
        // Who looks up what it may have missed does so after the subscription stands.
        self.client.flush().await?;
        Ok(Subscription { messages, connected: Arc::clone(&self.connected) })
    }
}

impl Subscription {
    pub(super) async fn next(&mut self) -> Option<Heard> {
        tokio::select! {
            message = std::future::poll_fn(|context| poll(&mut self.messages, context)) => {
                Some(Heard::Message(String::from_utf8_lossy(&message?.payload).into_owned()))
            }
            () = self.connected.notified() => Some(Heard::MayHaveMissed),
        }
    }
}

fn poll(
    messages: &mut Subscriber,
    context: &mut std::task::Context<'_>,
) -> std::task::Poll<Option<async_nats::Message>> {
    futures_core::Stream::poll_next(std::pin::Pin::new(messages), context)
}
