/**
 * The page's built-ins as they were before any script of the page ran. Everything after that point goes through
 * these: the page may replace prototypes at will, and must neither break the answers nor be broken by them.
 */

export const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect;
export const { create: createObject } = Object;
export const { parse: parseJson } = JSON;
export const isArray = Array.isArray;
export const isView = ArrayBuffer.isView.bind(ArrayBuffer);
export const copyOf = structuredClone;
export const NativePromise = Promise;
export const NativeTypeError = TypeError;
export const NativeAbortController = AbortController;
export const NativeDOMException = DOMException;

export type Getter = (target: unknown) => unknown;

/** An accessor taken off its prototype. */
export function getterOf(prototype: object, name: PropertyKey): Getter {
  const getter = getOwnPropertyDescriptor(prototype, name)?.get;
  return (target) => getter && (apply(getter, target, []) as unknown);
}

const typedArray = getPrototypeOf(Uint8Array.prototype) ?? {};
const slice = ArrayBuffer.prototype.slice;

const viewOf = (prototype: object) => ({
  buffer: getterOf(prototype, "buffer"),
  at: getterOf(prototype, "byteOffset"),
  length: getterOf(prototype, "byteLength"),
});
const typed = viewOf(typedArray);
const data = viewOf(DataView.prototype);
const tagOf = getterOf(typedArray, Symbol.toStringTag);

/** The bytes of a BufferSource of any realm, copied; anything else comes back as it is, for the browser to refuse. */
export function copyBytes(value: unknown): unknown {
  try {
    if (!isView(value)) return apply(slice, value, [0]);
    const read = tagOf(value) === undefined ? data : typed;
    const at = read.at(value) as number;
    return apply(slice, read.buffer(value), [at, at + (read.length(value) as number)]);
  } catch {
    return value;
  }
}
