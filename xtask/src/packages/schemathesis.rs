//! schemathesis and what it stands on.

use super::PythonPackage;

/// Plays what `docs/openapi.json` allows, and what it does not, against a server.
pub(crate) const SCHEMATHESIS: &[PythonPackage] = &[
    PythonPackage {
        name: "anyio",
        version: "4.16.0",
        sha256: &["c66ae634e0b8228396b801741beb3294326d4b6102f7bba4041c0dfb58c29026"],
    },
    PythonPackage {
        name: "certifi",
        version: "2026.10.19.post1",
        sha256: &["1324c476b4811eff41a8bc2122cd0bbd4d9c7234c725446d99ab1612b3a7fdd2"],
    },
    // Python 3.11 to 3.13, Linux x86-64 and AArch64 each.
    PythonPackage {
        name: "charset-normalizer",
        version: "3.5.3",
        sha256: &[
            "2a6f937e0b70133d1f826d0a253331b6fe1a4c874808cc12e16f2fb8177042f4",
            "90b1ff6cb9c7a204a3b79b1b0ed6ac8a1d8fed3b6dc69e50ae5de0f358ee81d4",
            "e5e4785d8a0adeadfbdf75f4efc357911842674651cbafd7e97f69b11ec3cbc6",
            "70f65dd0c2ed79ea2d9776096e9c7d25e398c2c03eb31877753598d201d91784",
            "656b9744bac4493561d28b56d7d646afd7a8471254ef7004d849aa8368020037",
            "fd0341b9dea133d187d7c5a2cd7e21ae6449a7b68ea8c2454f9cf77def11ec1b",
        ],
    },
    PythonPackage {
        name: "click",
        version: "8.5.1",
        sha256: &["8bb5376d2006950386f8c6427613334a2acadc5f559cb80e638d00b4df957e37"],
    },
    PythonPackage {
        name: "graphql-core",
        version: "3.3.2",
        sha256: &["d83f49ee18d2db89fb575dab6ffefa8aa1bf5f60dff8a6781db6f63420041348"],
    },
    PythonPackage {
        name: "harfile",
        version: "0.6.0",
        sha256: &["0f2209d6ec164a2aea7e8fb2b49d9fef5ddeee51b65dbfd28a4167185c34bb30"],
    },
    // Python 3.11 to 3.13, Linux x86-64 and AArch64 each.
    PythonPackage {
        name: "hypothesis",
        version: "6.170.17",
        sha256: &[
            "83725fa8022f45bc972e975d07e45aca63d1d1edf415821d8c28aa6014323cfb",
            "ba5757621056597fd71d101357fed17b7f200592ca6050b59bf6733869de9fc5",
            "49ff426ec74e563457a0523dbc87cbb2bcb7f76a3b9b276ddea4384f56a05b43",
            "fd5f7feb13c275bb4672c5ef651ab6df1cb4a054c54d14aa44e578274241587a",
            "c9e5128120882dd8b75de43f8be753f2090d176c3f0be614c6e782fb4029fa86",
            "475bd1ed6971a237540f68a5b2004a415b738a6c7a68bdc3efaa85f8e385d942",
        ],
    },
    PythonPackage {
        name: "hypothesis-graphql",
        version: "0.13.5",
        sha256: &["7bf16b290fc5b870539e0181446cda1f2aadc3b233a8b475331abc1764fe4e40"],
    },
    PythonPackage {
        name: "idna",
        version: "3.20",
        sha256: &["ab7ae7122974553370f0bdb919e1a960b2cd1bc1ef0276416d896db81c14582c"],
    },
    // Linux x86-64 and AArch64.
    PythonPackage {
        name: "jsonschema-rs",
        version: "0.60.3",
        sha256: &[
            "326ec5b6800552ccd76a1acca131f70511ac013b377230bdd541db3244adc9fa",
            "ae44f1b248f243d1901214b3ce94519ecc24e1cde3746cb50bd839b18b5adfd4",
        ],
    },
    PythonPackage {
        name: "markdown-it-py",
        version: "4.3.0",
        sha256: &["7aa1511a46c39138de78d9eba92ce47e63124d8003fc98b3a351909e04239efa"],
    },
    // Python 3.11 to 3.13, Linux x86-64 and AArch64 each.
    PythonPackage {
        name: "markupsafe",
        version: "3.0.4",
        sha256: &[
            "849dd2bb0e5e4ab2b71c7191726a4a8d5aa8a610daa584728cbee0b710ddc4ef",
            "6da83a088f8ef93b2d483a8232a4dbf4d69d3d8496b568a03c56becac43e1808",
            "6a45c3d514f2436064db00d7fc8778d888f0236ebfed649b53d13a59e69ad51b",
            "8e124f974786f831d6043728e38296969d3579db8896fe004682f5758e613581",
            "7018d4af1cd272e847aa5917983ab5e83e4f6579f9dbfecd4a79c0ca80b144c2",
            "434139499bb20b502ed3baa1f169e618f924a97e7a777fea1a49446d80106cf6",
        ],
    },
    PythonPackage {
        name: "mdurl",
        version: "0.1.2",
        sha256: &["84008a41e51615a49fc9966191ff91509e3c40b939176e643fd50a5c2196b8f8"],
    },
    PythonPackage {
        name: "pyrate-limiter",
        version: "4.5.1",
        sha256: &["bb8dd2926b0679e4ada6629a865e85daa5599268f930c61a8992dafa8bf3ba0d"],
    },
    // Python 3.11 to 3.13, Linux x86-64 and AArch64 each.
    PythonPackage {
        name: "pyyaml",
        version: "6.0.4",
        sha256: &[
            "71bb5b87465d88d1dfc577115af6d435bff9b26f2512936f610c26aa55966028",
            "622aa875fa6533f25fedcffe23079357d65a690d462200afed5d8e9d0e01ebee",
            "45e37dd647db9d67b757444c74060c064ace5fdaa08f42bf4fda3812275d423e",
            "93bfb2459195406a518e2f487a9bbf01df240175f31e06f5a252ac6734c7bbf0",
            "41b4669c3a8fd5750e594dff59d3e62d40e321fec467b50449603710ed0a68f3",
            "50588147ab2c6a59b5f990a4905db80899a6c2bd197e046a6201f1e67587e794",
        ],
    },
    PythonPackage {
        name: "requests",
        version: "2.34.2",
        sha256: &["2a0d60c172f83ac6ab31e4554906c0f3b3588d37b5cb939b1c061f4907e278e0"],
    },
    PythonPackage {
        name: "rich",
        version: "15.0.0",
        sha256: &["33bd4ef74232fb73fe9279a257718407f169c09b78a87ad3d296f548e27de0bb"],
    },
    PythonPackage {
        name: "schemathesis",
        version: "4.32.5",
        sha256: &["5ec7e532ebdf9b0e0239a943df2a565174aecda513b61e564d8ad2a3ac801f22"],
    },
    PythonPackage {
        name: "sortedcontainers",
        version: "2.4.0",
        sha256: &["a163dcaede0f1c021485e957a39245190e74249897e2ae4b2aa38595db237ee0"],
    },
    PythonPackage {
        name: "urllib3",
        version: "2.8.0",
        sha256: &["0cf3cae568d36aa9576b28dfb35f11328f1cb974ca7647d9475ebb86c75ac6e3"],
    },
    PythonPackage {
        name: "werkzeug",
        version: "3.1.9",
        sha256: &["6392e50c78460ba618e5b21f08a71f59c99ce99cdc6cf6e3dd7e6ccca8754fab"],
    },
];
