//! What the server counts of itself: numbers without names. No label says who, from where, or what about.

mod histogram;
mod process;

use std::{
    fmt::Write,
    sync::{
        Arc, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use roamkey_proto::problem::Problem;

use self::histogram::Histogram;
use crate::state::App;

/// All of it. Labels come from closed lists: routes, methods, statuses, problems.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Connections that are open.
    pub(crate) connections: Level,
    /// Connections beyond what an address may have.
    pub(crate) connections_refused: Counter,
    /// TLS handshakes that came to nothing.
    pub(crate) handshakes_failed: Counter,
    /// Wake-up sockets that are open.
    pub(crate) sockets: Level,
    /// Wake-ups that were sent on sockets.
    pub(crate) wakes: Counter,
    /// Accounts that were deleted at the end of their closing.
    pub(crate) accounts_deleted: Counter,
    /// Requests, by route.
    requests: RwLock<Vec<(Route, Arc<Requests>)>>,
    /// Refusals, in the order of [`Problem::ALL`].
    problems: [Counter; Problem::ALL.len()],
}

/// Something that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many there are at the moment.
#[derive(Debug, Default)]
pub(crate) struct Level(Arc<AtomicI64>);

impl Level {
    /// Counts one more until what is returned is dropped.
    pub(crate) fn enter(&self) -> Gauge {
        self.0.fetch_add(1, Ordering::Relaxed);
        Gauge(Arc::clone(&self.0))
    }
}

/// One that is there.
#[derive(Debug)]
pub(crate) struct Gauge(Arc<AtomicI64>);

impl Drop for Gauge {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A route as it is written in the table, never as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Route {
    method: Method,
    path: String,
}

/// What became of the requests of one route.
#[derive(Debug, Default)]
struct Requests {
    seconds: Histogram,
    /// By the first digit of the status, from 1xx to 5xx.
    classes: [Counter; 5],
}

/// Counts a request and how long its answer took.
pub(crate) async fn count(State(app): State<App>, path: MatchedPath, request: Request, next: Next) -> Response {
    let began = tokio::time::Instant::now();
    let method = request.method().clone();
    let requests = app.metrics.requests(&method, path.as_str());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    requests.note(status, took);
    // The route and not the path: who asked is nobody's business.
    tracing::debug!(%method, route = path.as_str(), status, micros = took.as_micros(), "answered");
    response
}

impl Metrics {
    /// Counts a refusal.
    pub(crate) fn refused(&self, problem: Problem) {
        let place = Problem::ALL.iter().position(|known| *known == problem);
        if let Some(counter) = place.and_then(|place| self.problems.get(place)) {
            counter.add(1);
        }
    }

    fn requests(&self, method: &Method, path: &str) -> Arc<Requests> {
        let find = |known: &[(Route, Arc<Requests>)]| {
            let same = known.iter().find(|(route, _)| route.method == *method && route.path == path);
            same.map(|(_, requests)| Arc::clone(requests))
        };
        let known = find(&self.requests.read().unwrap_or_else(std::sync::PoisonError::into_inner));
        known.unwrap_or_else(|| {
            let mut all = self.requests.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            find(&all).unwrap_or_else(|| {
                let requests = Arc::<Requests>::default();
                all.push((Route { method: method.clone(), path: path.to_owned() }, Arc::clone(&requests)));
                requests
            })
        })
    }

    /// Writes everything in Prometheus' text format, version 0.0.4.
    pub(crate) fn text(&self) -> String {
        let mut page = Page::default();
        page.one(
            "roamkey_connections",
            "gauge",
            "Connections that are open.",
            self.connections.0.load(Ordering::Relaxed),
        );
        page.one(
            "roamkey_connections_refused_total",
            "counter",
            "Connections beyond what an address may have.",
            self.connections_refused.value(),
        );
        page.one(
            "roamkey_tls_handshakes_failed_total",
            "counter",
            "TLS handshakes that came to nothing.",
            self.handshakes_failed.value(),
        );
        page.one("roamkey_sockets", "gauge", "Wake-up sockets that are open.", self.sockets.0.load(Ordering::Relaxed));
        page.one("roamkey_wakes_total", "counter", "Wake-ups that were sent on sockets.", self.wakes.value());
        page.one(
            "roamkey_accounts_deleted_total",
            "counter",
            "Accounts that were deleted at the end of their closing.",
            self.accounts_deleted.value(),
        );
        self.write_requests(&mut page);
        page.head("roamkey_problems_total", "counter", "Refusals by their type.");
        for (problem, counter) in Problem::ALL.iter().zip(&self.problems) {
            let name = problem.kind().trim_start_matches("/problems/");
            page.line(format_args!("roamkey_problems_total{{type=\"{name}\"}} {}", counter.value()));
        }
        page.head("roamkey_build_info", "gauge", "The version that runs.");
        page.line(format_args!("roamkey_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION")));
        process::write(&mut page);
        page.text
    }

    fn write_requests(&self, page: &mut Page) {
        let requests = self.requests.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        page.head("roamkey_requests_total", "counter", "Requests by route and by the first digit of the status.");
        for (Route { method, path }, requests) in requests.iter() {
            for (class, counter) in (1..).zip(&requests.classes).filter(|(_, counter)| counter.value() > 0) {
                let (name, count) = ("roamkey_requests_total", counter.value());
                page.line(format_args!("{name}{{method=\"{method}\",route=\"{path}\",status=\"{class}xx\"}} {count}"));
            }
        }
        page.head("roamkey_request_seconds", "histogram", "How long answers took, by route.");
        for (Route { method, path }, requests) in requests.iter() {
            let labels = format!("method=\"{method}\",route=\"{path}\"");
            requests.seconds.write(page, "roamkey_request_seconds", &labels);
        }
    }
}

impl Requests {
    fn note(&self, status: u16, took: Duration) {
        self.seconds.note(took);
        if let Some(class) = self.classes.get(usize::from(status / 100).wrapping_sub(1)) {
            class.add(1);
        }
    }
}

/// A page of metrics on its way.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.line(format_args!("{name} {value}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_outcome() {
        let metrics = Metrics::default();
        for status in [200, 200, 409] {
            metrics.requests(&Method::POST, "/v1/accounts/{account}/push").note(status, Duration::from_millis(3));
        }
        metrics.refused(Problem::Conflict);
        let _open = metrics.connections.enter();
        drop(metrics.sockets.enter());
        let text = metrics.text();
        for line in [
            "roamkey_requests_total{method=\"POST\",route=\"/v1/accounts/{account}/push\",status=\"2xx\"} 2",
            "roamkey_requests_total{method=\"POST\",route=\"/v1/accounts/{account}/push\",status=\"4xx\"} 1",
            "roamkey_request_seconds_count{method=\"POST\",route=\"/v1/accounts/{account}/push\"} 3",
            "roamkey_request_seconds_bucket{method=\"POST\",route=\"/v1/accounts/{account}/push\",le=\"0.0025\"} 0",
            "roamkey_request_seconds_bucket{method=\"POST\",route=\"/v1/accounts/{account}/push\",le=\"0.005\"} 3",
            "roamkey_problems_total{type=\"conflict\"} 1",
            "roamkey_connections 1",
            "roamkey_sockets 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
}
