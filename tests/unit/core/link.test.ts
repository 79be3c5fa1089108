import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { isLinkText, linkOf, longestLink, textOfLink, type Link } from '../../../src/core/machine/link.js';
import { otherPc } from './other-pc.js';
import { guid } from './worlds.js';

const vm = vmIn(thisPc, guid(1));

const word = fc.stringMatching(/^[\w-]{1,64}$/);
const anId = fc.uuid().map((id) => id.toLowerCase());
const aLink: fc.Arbitrary<Link> = fc.oneof(
  fc.tuple(fc.constantFrom(thisPc, otherPc), fc.array(anId, { minLength: 1, maxLength: 3 })).map(([pc, ids]): Link => ({
    to: 'vm',
    vm: ids.slice(1).reduce((at, id) => vmIn(at, id), vmIn(pc, ids[0] ?? '')),
  })),
  fc.constantFrom<Link>({ to: 'check' }, { to: 'settings' }, { to: 'history' }),
  word.map((run): Link => ({ to: 'history', run })),
  word.map((run): Link => ({ to: 'undo', run })),
  word.map((code): Link => ({ to: 'error', code })),
);

test('every link is read as it was written, also with the slash that browsers add', () => {
  fc.assert(
    fc.property(aLink, fc.constantFrom('', '/'), (link, end) => {
      expect(textOfLink(link).length).toBeLessThanOrEqual(longestLink);
      expect(linkOf(`${textOfLink(link)}${end}`)).toEqual(link);
    }),
  );
});

test('a scheme and an id in capitals are the same', () => {
  expect(linkOf(`HYPERNEST://VM/${guid(1).toUpperCase()}`)).toEqual({ to: 'vm', vm });
});

describe('what is no link', () => {
  test.each([
    ['nothing', ''],
    ['a scheme alone', 'hypernest:'],
    ['no place', 'hypernest://'],
    ['another place', 'hypernest://quit'],
    ['another scheme', `https://vm/${guid(1)}`],
    ['another scheme in front', `x-hypernest://vm/${guid(1)}`],
    ['one slash', `hypernest:/vm/${guid(1)}`],
    ['an account', `hypernest://me:secret@vm/${guid(1)}`],
    ['a port', `hypernest://vm:80/${guid(1)}`],
    ['a query', `hypernest://vm/${guid(1)}?do=undo`],
    ['a fragment', `hypernest://vm/${guid(1)}#undo`],
    ['an escaped slash', `hypernest://vm/${guid(1)}%2f${guid(2)}`],
    ['a backslash', `hypernest://vm\\${guid(1)}`],
    ['dots', `hypernest://vm/../history`],
    ['two slashes at the end', `hypernest://check//`],
    ['a blank', `hypernest://vm/${guid(1)} --undo`],
    ['a line', `hypernest://check\n`],
    ['a line in front', `\nhypernest://check`],
    ['a zero', 'hypernest://check\u0000'],
    ['a VM without an id', 'hypernest://vm'],
    ['a VM by name', 'hypernest://vm/dev-box'],
    ['too deep', `hypernest://vm/${[1, 2, 3, 4].map(guid).join('/')}`],
    ['more than a check', 'hypernest://check/now'],
    ['an undo of nothing', 'hypernest://undo'],
    ['an undo of a path', 'hypernest://undo/a/b'],
    ['an id that is too long', `hypernest://history/${'a'.repeat(65)}`],
    ['an error that is a script', 'hypernest://error/<script>'],
    ['letters that only look so', 'hypernest://vm/\uff11'],
    ['very long', `hypernest://error/${'a'.repeat(1_000_000)}`],
  ])('%s', (_, text) => expect(linkOf(text)).toBeUndefined());

  test('any other text: whatever is read is spelled exactly so', () => {
    const noise = fc.string({ unit: 'binary', maxLength: 60 });
    const near = fc
      .tuple(aLink.map(textOfLink), noise, fc.nat())
      .map(
        ([text, more, at]) => `${text.slice(0, at % (text.length + 1))}${more}${text.slice(at % (text.length + 1))}`,
      );
    fc.assert(
      fc.property(
        fc.oneof(
          noise,
          near,
          noise.map((text) => `hypernest://${text}`),
        ),
        (text) => {
          const link = linkOf(text);
          if (link) expect(textOfLink(link).toLowerCase()).toBe(text.replace(/\/$/, '').toLowerCase());
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('what wants to be a link is told from a name', () => {
  for (const text of ['hypernest:', ' hypernest://quit', 'HyperNest://vm/x']) expect(isLinkText(text)).toBe(true);
  for (const text of ['hypernest', '--check', 'https://hypernest:', 'hypernest.exe'])
    expect(isLinkText(text)).toBe(false);
});
