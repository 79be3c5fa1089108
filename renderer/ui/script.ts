/** PowerShell for the eye: tokens of a line, and which of them stay together. */
import type { ScriptToken } from '../../src/core/change/tokens.js';

export type Token = ScriptToken | { readonly kind: 'comment'; readonly text: string };

/** Only the GUIDs of an id are shortened: its quotes, and what stands between two of them, stay in sight. */
function apart({ text }: Token): Token[] {
  return text
    .split(/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i)
    .map((part, index): Token => ({ kind: index % 2 === 1 ? 'id' : 'string', text: part }))
    .filter((part) => part.text !== '');
}

const isText = (token: Token): boolean => token.kind === 'string' || token.kind === 'id';

/** Tokens of one string literal stay together: it must not break inside a shortened id. */
export function piecesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const pieces: Token[][] = [];
  for (const token of tokens.flatMap((one) => (one.kind === 'id' ? apart(one) : [one]))) {
    const last = pieces.at(-1);
    if (last && isText(token) && last.every(isText)) last.push(token);
    else pieces.push([token]);
  }
  return pieces;
}

const kinds = ['comment', 'string', 'variable', 'cmdlet', 'parameter', 'number'] as const;
const pattern = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>'(?:[^']|'')*'|"(?:[^"`]|`.|"")*")/,
    /(?<variable>\$(?:\w+(?::\w+)?|\{[^}]*\}))/,
    /(?<cmdlet>\b[A-Z][A-Za-z]+-[A-Z][A-Za-z]+\b)/,
    /(?<parameter>(?<=[\s(])-[A-Za-z]\w*:?)/,
    /(?<number>\b\d+\b)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** A line of text that came from main whole, such as the script of an elevated act. Nothing of it is lost. */
export function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(pattern)) {
    if (match.index > at) tokens.push({ kind: 'plain', text: line.slice(at, match.index) });
    const kind = kinds.find((name) => match.groups?.[name] !== undefined) ?? 'plain';
    tokens.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) tokens.push({ kind: 'plain', text: line.slice(at) });
  return tokens;
}
