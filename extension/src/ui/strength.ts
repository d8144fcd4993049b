/** A light guess at how long a passphrase resists someone who holds the device: 0 (empty) to 4. */

/** Bits from which the score rises; 64 MiB of Argon2 make every guess cost some 0.2 s. */
const STEPS = [28, 42, 56];

export function strength(passphrase: string): 0 | 1 | 2 | 3 | 4 {
  if (passphrase.length === 0) return 0;
  const bits = guessedBits(passphrase);
  const steps = STEPS.filter((each) => bits >= each).length;
  return (1 + steps) as 1 | 2 | 3 | 4;
}

/** Words count as drawn from 2,048, everything else by its kind; repeats and runs count little. */
function guessedBits(passphrase: string): number {
  const words = passphrase.toLowerCase().split(/[\s\-_.,]+/).filter((each) => each.length > 0);
  if (words.length >= 3 && words.every((each) => /^\p{L}+$/u.test(each))) return new Set(words).size * 11;
  const alphabet =
    (/[a-z]/.test(passphrase) ? 26 : 0) +
    (/[A-Z]/.test(passphrase) ? 26 : 0) +
    (/\d/.test(passphrase) ? 10 : 0) +
    (/[^a-zA-Z\d]/.test(passphrase) ? 24 : 0);
  return novelCharacters(passphrase) * Math.log2(Math.max(alphabet, 2)) * 0.75;
}

function novelCharacters(passphrase: string): number {
  let novel = 0;
  for (let at = 0; at < passphrase.length; at++) {
    const step = passphrase.charCodeAt(at) - passphrase.charCodeAt(at - 1);
    novel += Math.abs(step) <= 1 ? 0.25 : 1;
  }
  return novel;
}
