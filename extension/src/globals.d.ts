/** True in the build for tests only; a constant, so that the release bundle drops what it guards. */
declare const __TEST_HOOKS__: boolean;
declare const __VERSION__: string;
/** The SHA-256 of the core, in hexadecimal. */
declare const __CORE__: string;
