/** Prefixes: what is chosen overlaps nothing, whatever is in use. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressText,
  firstFree,
  gatewayOf,
  isIn,
  overlaps,
  parseAddress,
  parsePrefix,
  prefixText,
  problemOfPrefix,
  type Prefix,
} from '../../../src/core/network/subnet.js';

const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const prefix = fc.tuple(number, fc.integer({ min: 2, max: 32 })).map(([first, length]): Prefix => {
  const size = 2 ** (32 - length);
  return { first: Math.floor(first / size) * size, length };
});
/** Mostly where it matters: in private space. */
const used = fc.array(
  fc.oneof(
    prefix,
    fc
      .tuple(
        fc.constantFrom(10, 172, 192),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 8, max: 30 }),
      )
      .map(([a, b, c, length]) =>
        parsePrefix(`${String(a)}.${String(a === 192 ? 168 : b)}.${String(c)}.0/${String(length)}`),
      )
      .filter((one) => one !== undefined),
  ),
  { maxLength: 60 },
);

/** The plain definition: some address is in both. */
const meet = (a: Prefix, b: Prefix): boolean => isIn(a.first, b) || isIn(b.first, a);

describe('the first free network', () => {
  it('overlaps nothing that is in use, for any mix of routes', () => {
    fc.assert(
      fc.property(used, (routes) => {
        const free = firstFree(routes);
        if (free) expect(routes.filter((route) => meet(route, free))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is found whenever there is one in private space beside the habits of others', () => {
    fc.assert(
      fc.property(used, (routes) => {
        if (firstFree(routes)) return;
        // None is free: each /24 of 192.168.100 to 255 meets something.
        for (let third = 100; third < 256; third++) {
          const one = parsePrefix(`192.168.${String(third)}.0/24`);
          expect(one && routes.some((route) => meet(route, one))).toBe(true);
        }
      }),
    );
  });

  it('is the one of the source on a PC where nothing speaks against it', () => {
    expect(prefixText(firstFree([]) ?? { first: 0, length: 0 })).toBe('192.168.100.0/24');
    const home = ['192.168.178.0/24', '172.28.16.0/20', '0.0.0.0/0'].flatMap((text) => parsePrefix(text) ?? []);
    expect(prefixText(firstFree(home) ?? { first: 0, length: 0 })).toBe('192.168.100.0/24');
  });

  it('leaves out what others are in the habit of taking, and moves on past a VPN', () => {
    const vpn = ['10.0.0.0/8', '192.168.0.0/16'].flatMap((text) => parsePrefix(text) ?? []);
    expect(prefixText(firstFree(vpn) ?? { first: 0, length: 0 })).toBe('172.21.0.0/24');
    const all = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap((text) => parsePrefix(text) ?? []);
    expect(firstFree(all)).toBeUndefined();
  });
});

describe('a prefix', () => {
  it('is read as it is written, and nothing else is', () => {
    fc.assert(
      fc.property(prefix, (one) => {
        expect(parsePrefix(prefixText(one))).toEqual(one);
      }),
    );
    fc.assert(
      fc.property(number, (one) => {
        expect(parseAddress(addressText(one))).toBe(one);
      }),
    );
    for (const text of [
      '',
      '10.0.0.0',
      '10.0.0/24',
      '10.0.0.0/33',
      '010.0.0.0/8',
      '10.0.0.0/8/8',
      'fe80::/64',
      '1.2.3.4/-1',
      '0x0a.0.0.0/8',
    ])
      expect([text, parsePrefix(text)]).toEqual([text, undefined]);
  });

  it('overlaps another exactly when some address is in both', () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        expect(overlaps(a, b)).toBe(meet(a, b));
      }),
    );
  });

  it('has its gateway as first address', () => {
    expect(gatewayOf({ first: parseAddress('192.168.100.0') ?? 0, length: 24 })).toBe('192.168.100.1');
  });

  it.each([
    ['192.168.100.0', 'advice.prefixUnreadable'],
    ['192.168.100.7/24', 'advice.prefixNotFirst'],
    ['192.168.100.0/30', 'advice.prefixLength'],
    ['10.0.0.0/8', 'advice.prefixLength'],
    ['100.64.0.0/16', 'advice.prefixNotPrivate'],
    ['192.168.178.0/24', 'advice.prefixOverlaps'],
    ['192.168.0.0/16', 'advice.prefixOverlaps'],
    ['192.168.100.0/24', undefined],
  ])('%s: %s', (text, key) => {
    const lan = parsePrefix('192.168.178.0/24') ?? { first: 0, length: 0 };
    const problem = problemOfPrefix(text, [{ prefix: lan, machine: 'DEV-PC', name: 'LAN', kind: 'address' }]);
    expect(problem?.key).toBe(key);
  });
});
