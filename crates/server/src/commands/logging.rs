//! Log lines, on standard error.

use std::io::{IsTerminal, stderr};

use roamkey_server::LogFormat;
use tracing::subscriber::set_global_default;
use tracing_subscriber::EnvFilter;

/// Starts logging what this program and libraries with structured lines say.
///
/// What libraries say by the older `log` crate is left out on purpose: the one that speaks WebSocket writes down whole
/// messages, and with them the tokens of sessions.
///
/// # Errors
/// When the filter is none.
pub(super) fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(filter)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match format {
        LogFormat::Text => set_global_default(lines.with_ansi(stderr().is_terminal()).finish())?,
        LogFormat::Json => set_global_default(
            lines.json().flatten_event(true).with_current_span(false).with_span_list(false).finish(),
        )?,
    }
    Ok(())
}
