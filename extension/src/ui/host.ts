/** The host of what a person typed: an address, or the host alone; nothing for what is neither. */
export function hostIn(typed: string): string | undefined {
  const text = typed.trim();
  const address = text.includes("://") ? text : `https://${text}`;
  if (text === "" || /\s/.test(text) || !URL.canParse(address)) return undefined;
  const { hostname, protocol } = new URL(address);
  return hostname !== "" && /^https?:$/.test(protocol) ? hostname : undefined;
}
