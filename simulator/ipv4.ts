/** IPv4 addresses and prefixes as numbers. The app has its own: two that agree are worth more than one that is shared. */

export interface Prefix {
  /** Its first address. */
  readonly base: number;
  readonly length: number;
}

/** undefined: no address. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export const addressText = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

export function parsePrefix(text: string): Prefix | undefined {
  const [address = '', length = ''] = text.split('/');
  const value = parseAddress(address);
  if (value === undefined || !/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined;
  return prefixAt(value, Number(length));
}

/** The prefix of that length that an address is in. */
export function prefixAt(address: number, length: number): Prefix {
  const size = 2 ** (32 - length);
  return { base: Math.floor(address / size) * size, length };
}

export const prefixText = ({ base, length }: Prefix): string => `${addressText(base)}/${length}`;

export const holds = ({ base, length }: Prefix, address: number): boolean =>
  address >= base && address < base + 2 ** (32 - length);

export const overlap = (one: Prefix, other: Prefix): boolean => holds(one, other.base) || holds(other, one.base);

/** Whether the address given as text is in the prefix given as text. */
export function isIn(prefix: string, address: string): boolean {
  const [range, value] = [parsePrefix(prefix), parseAddress(address)];
  return range !== undefined && value !== undefined && holds(range, value);
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', '224.0.0.0/3'];
export const isPublic = (address: string): boolean => !privateRanges.some((range) => isIn(range, address));

/** A number from a text, the same each time (FNV-1a). */
export function numberFrom(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A GUID from a text, the same each time. */
export function idFrom(text: string): string {
  const hex = [1, 2, 3, 4]
    .map((part) =>
      numberFrom(`${text} ${String(part)}`)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
