//! How a CTAP device is reached: CTAPHID and what carries its frames, all without I/O.
//!
//! [`ctaphid::Hid`] turns frames into messages for [`crate::ctap::Device`] and answers into frames. Frames travel one a datagram
//! over UDP, behind a length over a byte stream ([`stream`]), or as events of Linux's `/dev/uhid` ([`uhid`]).

pub mod ctaphid;
pub mod stream;
pub mod uhid;
