//! Log lines, on standard error.

use std::io::{IsTerminal, stderr};

use roamkey_server::LogFormat;
use tracing_subscriber::EnvFilter;

/// Starts logging.
///
/// # Errors
/// When the filter is none.
pub(super) fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(filter)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
    }
    Ok(())
}
