/** What is believed of the lines of a shell: its own frames whatever breaks them, and of a guest nothing but an answer to what it was asked. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framesIn, guestLimits, LONGEST_LINE, replyOf } from '../../../src/powershell/frames.js';
import { lineSplitter } from '../../../src/powershell/transport.js';
import { FUZZ_RUNS, FUZZ_TIMEOUT, guestLine, lineOf, read } from './a-frame.js';

const good = { ok: true, results: [{ rows: [['PC', 8, 1, ['10.0']]], errors: [] }] };
const WRONG = 'Session.GuestAnswersWrongly';

/** Anything that a stream of the shell may carry between frames: no line end. */
const anyText = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\n', ' '));
const hostile = fc.oneof(
  anyText,
  fc.constantFrom(
    '{"id":2,"ok":true}',
    '\n{"id":2,"ok":true}\n',
    '"},{"id":2,"ok":true',
    '\\',
    '\\"',
    '\r\n',
    '\u0000',
    '\u2028',
    '\ud800',
  ),
  fc.json(),
);

/** All lines of a stream that comes in such pieces. */
function linesOf(pieces: readonly string[], longest?: number): readonly string[] {
  const lines: string[] = [];
  const split = lineSplitter((line) => lines.push(line), longest);
  for (const piece of pieces) split(piece);
  return lines;
}
function cut(text: string, places: readonly number[]): readonly string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
}

describe('frames', () => {
  it(
    'are the same wherever the stream is cut, whatever guests say in them',
    () => {
      fc.assert(
        fc.property(
          fc.array(hostile, { minLength: 1, maxLength: 6 }),
          fc.array(fc.nat(), { maxLength: 12 }),
          (said, places) => {
            const stream = said.map((text, index) => `${guestLine(index + 1, text)}\n`).join('');
            const frames = linesOf(cut(stream, places)).flatMap(framesIn);
            expect(frames.map(({ id }) => id)).toEqual(said.map((_, index) => index + 1));
            expect(frames.map(({ body }) => body?.['inside'])).toEqual(said);
          },
        ),
        { numRuns: FUZZ_RUNS },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    'that are joined on one line are each taken, with noise before and between them',
    () => {
      fc.assert(
        fc.property(fc.array(hostile, { minLength: 2, maxLength: 5 }), anyText, (said, noise) => {
          const clean = noise.replaceAll('{', '(');
          const line = said.map((text, index) => `${clean}${guestLine(index + 1, text)}`).join('');
          const frames = framesIn(line);
          expect(frames.map(({ id }) => id)).toEqual(said.map((_, index) => index + 1));
          // The noise stands behind the frame before: that one is told as broken, not waited for.
          expect(frames.at(-1)?.body?.['inside']).toBe(said.at(-1));
        }),
        { numRuns: FUZZ_RUNS },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    'that are torn by a line end anywhere are told as broken, and never as another',
    () => {
      fc.assert(
        fc.property(hostile, fc.nat(), (said, place) => {
          const whole = guestLine(7, said);
          const at = place % whole.length;
          const frames = linesOf([`${whole.slice(0, at)}\n${whole.slice(at)}\n`]).flatMap(framesIn);
          for (const { id, body } of frames) expect([id, body?.['inside']]).toEqual([7, at === 0 ? said : undefined]);
          if (at > '{"id":7,'.length) expect(frames).toEqual([{ id: 7, body: undefined }]);
        }),
        { numRuns: FUZZ_RUNS },
      );
    },
    FUZZ_TIMEOUT,
  );

  it('are none in noise', () => {
    for (const line of [
      '',
      'WARNING: a profile says hello',
      '{"id":',
      '{"id":"x"}',
      '{"id":-1,"ok":true}',
      '{"id":1e9,"ok":true}',
      '{torn',
      '[1]',
    ])
      expect(framesIn(line).map(({ id }) => id)).toEqual([]);
  });

  it('that are too long pass on their beginning as soon as they are, keep nothing, and the next one is whole', () => {
    const lines: string[] = [];
    const split = lineSplitter((line) => lines.push(line), 1000);
    split('{"id":3,"inside":"');
    for (let piece = 0; piece < 50; piece++) split('x'.repeat(100));
    expect(lines.map((line) => line.length)).toEqual([64]);
    expect(lines.flatMap(framesIn)).toEqual([{ id: 3, body: undefined }]);
    split(`"}\n${lineOf(4, good)}\n`);
    expect(lines.flatMap(framesIn).map(({ id, body }) => [id, body !== undefined])).toEqual([[3, false], [4, true]]); // prettier-ignore
  });

  it('are at most four million characters long', () => {
    expect(LONGEST_LINE).toBe(4 * 1024 * 1024);
    const most = `{"id":1,"${'x'.repeat(LONGEST_LINE - 10)}`;
    expect(linesOf([`${most}\n`, `${most}xx\n`]).map((line) => line.length)).toEqual([most.length, 64]);
  });
});

const row = (...values: unknown[]) => ({ ok: true, results: [{ rows: [values], errors: [] }] });
const failing = (error: Readonly<Record<string, unknown>>) => ({ ok: false, error });
const nested = (deep: number) =>
  `{"ok":true,"results":[{"rows":[[${'['.repeat(deep)}${']'.repeat(deep)}]],"errors":[]}]}`;

describe('what a guest says', () => {
  it('counts as its answer when it is one', () => {
    expect(read(lineOf(1, good, 1), 1)).toEqual(good);
    expect(read(lineOf(1, good, 2), 2)).toEqual(good);
    expect(read(lineOf(1, failing({ fqid: 'Bridge.NotAllowed', message: 'no' }), 1), 1)).toMatchObject({ error: { fqid: 'Bridge.NotAllowed' } }); // prettier-ignore
  });

  it.each([
    ['nothing', ''],
    ['a word', 'x'],
    ['half of JSON', '{'],
    ['null', 'null'],
    ['an array', '[]'],
    ['a number', '7'],
    ['a text', '"x"'],
    ['line ends', '\n\n\n'],
    ['a NUL', '\u0000'],
    ['a lone surrogate', '\ud800'],
    ['JSON and more', `${JSON.stringify(good)} trailing`],
    ['two answers', JSON.stringify(good).repeat(2)],
    ['an answer without results', '{"ok":true}'],
    ['too few results', '{"ok":true,"results":[]}'],
    ['too many results', JSON.stringify({ ok: true, results: [good.results[0], good.results[0]] })],
    ['results that are none', '{"ok":true,"results":"no"}'],
    ['rows that are none', '{"ok":true,"results":[{"rows":{"value":[1],"Count":1},"errors":[]}]}'],
    ['a value that cannot be made a text', JSON.stringify(row({ toString: 1 }))],
    ['one in a list', JSON.stringify(row([{ toString: 1 }]))],
    ['a list in a list', JSON.stringify(row([[1]]))],
    ['JSON that is 1,000 deep', nested(1000)],
    ['JSON that is 1,000,000 deep', nested(1_000_000)],
    ['a result of __proto__', '{"__proto__":{"ok":true,"results":[]}}'],
    ['a failure behind its calls', '{"ok":false,"call":1,"results":[]}'],
    ['a failure before its calls', '{"ok":false,"call":-1}'],
    ['a failure in the middle of a call', '{"ok":false,"call":0.5}'],
    ['a failure that is a huge number', '{"ok":false,"call":1e999}'],
    ['a code that is a huge number', '{"ok":false,"error":{"hresult":1e999}}'],
    [
      'too many rows',
      JSON.stringify({
        ok: true,
        results: [{ rows: Array.from({ length: guestLimits.rows + 1 }, () => [1]), errors: [] }],
      }),
    ],
    [
      'too many errors',
      JSON.stringify({
        ok: true,
        results: [{ rows: [], errors: Array.from({ length: guestLimits.rows + 1 }, () => ({})) }],
      }),
    ],
    ['too many values', JSON.stringify(row(...Array.from({ length: guestLimits.columns + 1 }, () => 1)))],
    ['too long a list', JSON.stringify(row(Array.from({ length: guestLimits.list + 1 }, () => 1)))],
    ['too long a name', JSON.stringify(row('x'.repeat(guestLimits.text + 1)))],
    ['too long a name in a list', JSON.stringify(row(['x'.repeat(guestLimits.text + 1)]))],
    [
      'an answer of 5 MB',
      JSON.stringify({
        ok: true,
        results: [{ rows: Array.from({ length: 1300 }, () => ['x'.repeat(4096)]), errors: [] }],
      }),
    ],
    [
      'an answer with something deep beside it',
      `${JSON.stringify(good).slice(0, -1)},"x":${'['.repeat(1000)}${']'.repeat(1000)}}`,
    ],
    ...['message', 'fqid', 'targetName', 'exceptionType', 'category'].map((field): [string, string] => [
      `too long a ${field}`,
      JSON.stringify(failing({ [field]: 'x'.repeat(guestLimits.text + 1) })),
    ]),
  ])('is no answer when it is %s', (_, said) => {
    for (const depth of [1, 2]) expect(read(guestLine(5, said, depth), depth)?.error?.fqid).toBe(WRONG);
  });

  it('is no answer of the machine before it, nor of one behind it', () => {
    // This PC in the guest's place; a VM in the place of the one inside it; the one inside for itself and more.
    expect(read(lineOf(1, good), 1)?.error?.fqid).toBe(WRONG);
    expect(read(lineOf(1, good, 1), 2)?.error?.fqid).toBe(WRONG);
    expect(read(lineOf(1, good, 2), 1)?.error?.fqid).toBe(WRONG);
    expect(read(lineOf(1, failing({ fqid: 'PSSessionOpenFailed' }), 2), 1)?.error?.fqid).toBe(WRONG);
    // Why a machine on the way was not passed is its own to say.
    expect(read(lineOf(1, failing({ fqid: 'PSSessionOpenFailed' }), 1), 2)).toMatchObject({ error: { fqid: 'PSSessionOpenFailed' } }); // prettier-ignore
  });

  it('is taken only once where it has a key twice, and answers for its own id', () => {
    const said =
      '{"ok":false,"id":2,"ok":true,"results":[{"rows":[["first"]],"errors":[]}],"results":[{"rows":[["last"]],"errors":[]}],"id":9}';
    expect(framesIn(guestLine(5, said)).map(({ id }) => id)).toEqual([5]);
    expect(read(guestLine(5, said), 1)?.results).toEqual([{ rows: [['last']], errors: [] }]);
  });

  it(
    'is never more than an answer to its own calls, whatever it is',
    () => {
      fc.assert(
        fc.property(hostile, fc.constantFrom(1, 2), fc.nat({ max: 4 }), (said, depth, calls) => {
          const frames = framesIn(guestLine(5, said, depth));
          expect(frames.map(({ id }) => id)).toEqual([5]);
          const reply = frames.map((frame) => replyOf(frame, depth, calls));
          for (const { ok, results = [] } of reply)
            expect(results.length <= calls && (!ok || results.length === calls)).toBe(true);
        }),
        { numRuns: FUZZ_RUNS },
      );
    },
    FUZZ_TIMEOUT,
  );
});

it('a guest has no more results looked at than it may have rows', () => {
  const result = { rows: [], errors: [] };
  const said = (count: number) => JSON.stringify({ ok: true, results: Array.from({ length: count }, () => result) });
  expect(read(guestLine(1, said(2)), 1, 2)).toMatchObject({ ok: true });
  expect(read(guestLine(1, said(guestLimits.rows + 1)), 1, guestLimits.rows + 1)).toMatchObject({
    error: { fqid: 'Session.GuestAnswersWrongly' },
  });
});

it.each(['Session.Cancelled', 'Session.Cancelled,Get-VM'])('a guest cannot say %s in the name of a person', (fqid) => {
  expect(read(guestLine(1, JSON.stringify({ ok: false, call: 0, results: [], error: { fqid } })), 1)).toMatchObject({
    error: { fqid: WRONG },
  });
});

/** Of another PC: its own bridge answers, and may be anybody's. */
describe('what a host says', () => {
  const of = (body: object, isStrange: boolean) => replyOf({ id: 1, body: { id: 1, ...body } }, 0, 1, isStrange);

  it('counts as its answer within the limits of a guest', () => {
    expect(of(good, true)).toEqual(good);
    expect(of(failing({ fqid: 'Bridge.TimedOut' }), true)).toMatchObject({ error: { fqid: 'Bridge.TimedOut' } });
  });

  it.each([
    ['a long text', row('x'.repeat(guestLimits.text + 1))],
    [
      'many rows',
      { ok: true, results: [{ rows: Array.from({ length: guestLimits.rows + 1 }, () => [1]), errors: [] }] },
    ],
    ['a value that is none', row({ toString: 1 })],
    ['too many results', { ok: true, results: [good.results[0], good.results[0]] }],
  ])('is no answer beyond them: %s', (_, body) => {
    expect(of(body, true)).toMatchObject({ unknown: true, error: { fqid: 'Session.BadReply' } });
    expect(of(body, false)).toMatchObject({ ok: true });
  });
});
