/** Replies → results: of whatever stands in a reply, only values of the catalog's types come out, and nothing is ever thrown. */
import { enums } from '../../../src/core/cmdlets/catalog.js';
import { depthOf, type MachineRef } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { framesIn, replyOf } from '../../../src/powershell/frames.js';
import { resultsOf } from '../../../src/powershell/protocol.js';
import { callOf, entryOf, FUZZ_RUNS, FUZZ_TIMEOUT, inL1, inL2, lineOf, names, outside } from './a-frame.js';

/** Whatever JSON can say, and what JavaScript trips over in it. */
const anyValue = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    { toString: 1 },
    { valueOf: null, toString: null },
    [{ toString: 1 }],
    [[{ toJSON: 1 }]],
    { length: -1 },
    1e308,
    -0,
    '1e999',
    '',
    ' ',
    'NaN',
    '2026-13-45',
    '+275760-09-13T00:00:00.001Z',
    'constructor',
    '__proto__',
    JSON.parse('{"__proto__":{"toString":1}}'),
  ),
);
const anyFields = fc.record(
  Object.fromEntries(
    ['fqid', 'category', 'targetName', 'exceptionType', 'message', 'hresult', 'property', 'objects'].map((name) => [
      name,
      anyValue,
    ]),
  ),
  { requiredKeys: [] },
);
const anyReply = (rows: number) =>
  fc.record(
    {
      ok: fc.oneof(fc.boolean(), anyValue),
      results: fc.oneof(
        anyValue,
        fc.array(
          fc.record({
            rows: fc.oneof(
              fc.array(fc.array(anyValue, { minLength: rows, maxLength: rows }), { maxLength: 3 }),
              anyValue,
            ),
            errors: fc.oneof(fc.array(anyFields, { maxLength: 2 }), fc.constant([]), anyValue),
          }),
          { maxLength: 3 },
        ),
      ),
      call: fc.oneof(fc.nat({ max: 3 }), anyValue),
      error: fc.oneof(anyFields, anyValue),
      unknown: fc.oneof(fc.boolean(), anyValue),
      inside: anyValue,
    },
    { requiredKeys: [] },
  );

const plain = z.union([z.string(), z.number(), z.boolean(), z.null(), z.undefined(), z.array(z.string())]);
const kind = z.string().regex(/^[a-z-]+$/);
const failure = z.object({ kind, property: z.string().optional(), objects: z.number().optional() });
const outcome = z.union([
  z.object({ rows: z.array(z.record(z.string(), plain)), errors: z.array(failure) }),
  z.object({ failed: failure }),
  z.object({ unknown: z.literal(true), failure }),
]);

/** What a frame comes to for calls of this name there. */
function outcomes(line: string, name: (typeof names)[number], at: MachineRef): readonly unknown[] {
  const calls = [callOf(name, at), callOf('Get-VM', at)];
  return framesIn(line).flatMap((frame) => resultsOf(replyOf(frame, depthOf(at), calls.length), calls));
}

describe('a result', () => {
  it(
    'holds only plain values and failures of our own kinds, one for each call, whatever the reply is',
    () => {
      const anyOf = fc
        .constantFrom(...names)
        .chain((name) =>
          fc.tuple(
            fc.constant(name),
            anyReply(Object.keys(entryOf(name).reads).length),
            fc.constantFrom(outside, inL1, inL2),
          ),
        );
      fc.assert(
        fc.property(anyOf, ([name, reply, at]) => {
          const results = outcomes(lineOf(5, reply, depthOf(at)), name, at);
          expect(results).toHaveLength(2);
          for (const result of results) expect(outcome.safeParse(result).error).toBeUndefined();
        }),
        { numRuns: FUZZ_RUNS },
      );
    },
    FUZZ_TIMEOUT,
  );

  it('is the same for every type of the catalog: another kind of value is not known', () => {
    const odd: readonly unknown[] = [{ toString: 1 }, [[1]], [{}], { length: 1 }];
    for (const name of names) {
      const columns = Object.keys(entryOf(name).reads);
      for (const value of odd) {
        const line = lineOf(1, {
          ok: true,
          results: [
            { rows: [columns.map(() => value)], errors: [] },
            { rows: [], errors: [] },
          ],
        });
        const [first] = outcomes(line, name, outside);
        expect(first).toEqual({ rows: [Object.fromEntries(columns.map((column) => [column, undefined]))], errors: [] });
      }
    }
  });

  it('has of an enumeration only members that the catalog has: another one is not known', () => {
    const members: Readonly<Record<string, readonly string[]>> = enums;
    const typed = names.flatMap((name) =>
      Object.entries(entryOf(name).reads).flatMap(([column, type]) => {
        const known = members[type.replace('?', '')];
        return known ? [{ name, column, known }] : [];
      }),
    );
    expect(typed.length).toBeGreaterThan(5);
    for (const { name, column, known } of typed)
      for (const said of [...known, 'Bogus', '42', 'constructor', '__proto__', '', 'on', 'Ok, Error']) {
        const rows = [Object.keys(entryOf(name).reads).map((one) => (one === column ? said : undefined))];
        const results = [
          { rows, errors: [] },
          { rows: [], errors: [] },
        ];
        const read = known.includes(said) ? said : undefined;
        expect(outcomes(lineOf(1, { ok: true, results }), name, outside)[0]).toMatchObject({
          rows: [{ [column]: read }],
        });
      }
  });

  it.each([
    ['951F50B1-20A2-4FC7-A8DA-5CFF93980B26', '951f50b1-20a2-4fc7-a8da-5cff93980b26'],
    // Addresses are made of ids, and scripts show them.
    ['951f50b1-20a2-4fc7-a8da-5cff93980b26/951f50b1-20a2-4fc7-a8da-5cff93980b26', undefined],
    ['$(Start-Process calc)', undefined],
    ['', undefined],
  ])('has an id of the form of ids, or none: %s', (said, read) => {
    const columns = Object.keys(entryOf('Get-VM').reads);
    const rows = [columns.map((column) => (column === 'Id' ? said : undefined))];
    const line = lineOf(
      1,
      {
        ok: true,
        results: [
          { rows, errors: [] },
          { rows: [], errors: [] },
        ],
      },
      1,
    );
    expect(outcomes(line, 'Get-VM', inL1)).toMatchObject([{ rows: [{ Id: read }] }, { rows: [] }]);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'is not misled by an error of the id %s',
    (word) => {
      const error = { fqid: word, category: word, exceptionType: word, message: word };
      for (const at of [outside, inL1])
        expect(outcomes(lineOf(1, { ok: false, error }, depthOf(at)), 'Get-VM', at)).toMatchObject([
          { failed: { kind: 'unexpected' } },
          { failed: { kind: 'unexpected' } },
        ]);
    },
  );

  it('of a change that a guest answers wrongly is not known to be nothing', () => {
    const calls = [callOf('Stop-VM', inL1), callOf('Get-VM', inL1)];
    const [frame] = framesIn(lineOf(1, { ok: true }, 1));
    expect(frame && resultsOf(replyOf(frame, 1, 2), calls)).toMatchObject([
      { unknown: true, failure: { kind: 'guest-answers-wrongly' } },
      { failed: { kind: 'guest-answers-wrongly' } },
    ]);
  });
});
