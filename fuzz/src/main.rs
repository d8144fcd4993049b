//! libFuzzer's entry point; built without it, what runs given files through a target again.
#![cfg_attr(roamkey_fuzz, no_main)]

#[cfg(roamkey_fuzz)]
mod fuzzer {
    use std::sync::LazyLock;

    use roamkey_fuzz::Target;

    static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
        let name = std::env::var("ROAMKEY_FUZZ_TARGET").expect("ROAMKEY_FUZZ_TARGET names the target");
        Target::named(&name).expect("ROAMKEY_FUZZ_TARGET is one of the targets")
    });

    libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
}

#[cfg(not(roamkey_fuzz))]
fn main() -> std::process::ExitCode {
    use std::process::ExitCode;

    use roamkey_fuzz::{TARGETS, Target};

    let mut arguments = std::env::args().skip(1);
    let command = arguments.next();
    match (command.as_deref(), arguments.next()) {
        (Some("list"), None) => TARGETS.iter().for_each(|target| println!("{}", target.name)),
        (Some("seeds"), Some(folder)) => {
            for target in TARGETS {
                let folder = std::path::Path::new(&folder).join(target.name);
                if let Err(error) = write_seeds(target, &folder) {
                    eprintln!("{}: {error}", folder.display());
                    return ExitCode::FAILURE;
                }
            }
        }
        (Some(name), Some(file)) => {
            let Some(target) = Target::named(name) else {
                eprintln!("there is no target {name}");
                return ExitCode::FAILURE;
            };
            match std::fs::read(&file) {
                Ok(bytes) => (target.run)(&bytes),
                Err(error) => {
                    eprintln!("{file}: {error}");
                    return ExitCode::FAILURE;
                }
            }
        }
        _ => {
            eprintln!("usage: roamkey-fuzz list | seeds FOLDER | TARGET FILE");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

#[cfg(not(roamkey_fuzz))]
fn write_seeds(target: &roamkey_fuzz::Target, folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (number, seed) in (target.seeds)().into_iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{number}")), seed)?;
    }
    Ok(())
}
