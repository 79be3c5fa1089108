import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, tokensOf } from '../../../renderer/ui/script.js';

describe('PowerShell for the eye', () => {
  it('loses nothing of a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'\'"`$#-(){}[] aZ9.|Get-VM'.split('')) }), (line) => {
        const tokens = tokensOf(line);
        expect(tokens.map(({ text }) => text).join('')).toBe(line);
        expect(
          piecesOf(tokens)
            .flat()
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
    );
  });

  it('knows cmdlets, parameters, strings, variables, numbers and comments', () => {
    const line = `Add-LocalGroupMember -SID 'S-1-5-32-578' -Member $sid -Limit 10 # 'done'`;
    const told = tokensOf(line)
      .filter(({ kind }) => kind !== 'plain')
      .map(({ kind, text }) => `${kind} ${text}`);
    expect(told).toEqual([
      'cmdlet Add-LocalGroupMember',
      'parameter -SID',
      "string 'S-1-5-32-578'",
      'parameter -Member',
      'variable $sid',
      'parameter -Limit',
      'number 10',
      "comment # 'done'",
    ]);
  });

  it('colours nothing inside a string as a command', () => {
    expect(tokensOf(`'Stop-VM -Force # now'`)).toEqual([{ kind: 'string', text: `'Stop-VM -Force # now'` }]);
  });

  it('shortens the ids of an adapter, not what stands between them', () => {
    const one = '5ac1e90b-42d7-4f3e-8b16-7e0c9d54a1f2';
    const pieces = piecesOf([{ kind: 'id', text: `'Microsoft:${one}\\${one}'` }]);
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.map(({ kind, text }) => [kind, text])).toEqual([
      ['string', "'Microsoft:"],
      ['id', one],
      ['string', '\\'],
      ['id', one],
      ['string', "'"],
    ]);
  });
});
