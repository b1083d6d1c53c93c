/** True for an IP address, of version 4 or 6, that is in a CIDR range of the same version. False for what is neither. */
export function isInRange(address: string, cidr: string): boolean {
  const [base = '', length = ''] = cidr.split('/');
  const wanted = readAddress(base);
  const actual = readAddress(address);
  if (wanted === undefined || actual === undefined || wanted.bits !== actual.bits || !/^\d{1,3}$/.test(length))
    return false;
  const free = BigInt(wanted.bits - Number(length));
  return free >= 0n && wanted.value >> free === actual.value >> free;
}

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function readAddress(text: string): Address | undefined {
  // An IPv4 client on a dual-stack socket: `::ffff:203.0.113.7`.
  const mapped = /^::ffff:([\d.]+)$/i.exec(text)?.[1] ?? text;
  if (!mapped.includes(':')) return readParts(mapped.split('.'), 4, 8, /^(0|[1-9]\d{0,2})$/, 10);
  const [head = '', tail, ...rest] = mapped.split('::');
  if (rest.length > 0) return undefined;
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return readParts(before, 8, 16, /^[\da-f]{1,4}$/i, 16);
  const after = tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - after.length;
  if (missing < 1) return undefined;
  return readParts([...before, ...Array<string>(missing).fill('0'), ...after], 8, 16, /^[\da-f]{1,4}$/i, 16);
}

function readParts(
  parts: readonly string[],
  count: 4 | 8,
  width: 8 | 16,
  pattern: RegExp,
  radix: number,
): Address | undefined {
  if (parts.length !== count || !parts.every((part) => pattern.test(part))) return undefined;
  const numbers = parts.map((part) => Number.parseInt(part, radix));
  if (numbers.some((number) => number >= 2 ** width)) return undefined;
  const value = numbers.reduce((sum, number) => (sum << BigInt(width)) | BigInt(number), 0n);
  return { bits: count === 4 ? 32 : 128, value };
}
