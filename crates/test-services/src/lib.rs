//! Real services for tests: PostgreSQL and NATS as Debian ships them.
//!
//! Each listens in a folder of its own or on loopback, and ends with the process that started it,
//! however that ends: a shell beside the service waits for its standard input to close. As root,
//! PostgreSQL runs as the user `postgres`, because it refuses to run as root.

mod balancer;
mod cluster;
mod faults;
mod guard;
mod memory;
mod nats;
mod pooler;

pub use balancer::Balancer;
pub use cluster::Cluster;
pub use faults::Faults;
pub use memory::memory_of;
pub use nats::Nats;
pub use pooler::Pooler;
