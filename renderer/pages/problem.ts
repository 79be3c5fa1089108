/** A redacted text, cut where something was taken out. */

interface Piece {
  readonly text: string;
  readonly isChip: boolean;
}

const chip = /(<[A-Za-z-]+-\d+>)/;

export const piecesOf = (text: string): readonly Piece[] =>
  text
    .split(chip)
    .map((piece, at) => ({ text: piece, isChip: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');

/** How often the n-th word of a person's own was taken out. */
export const placesOf = (files: readonly { readonly text: string }[], number: number): number =>
  files.reduce((sum, { text }) => sum + text.split(`<word-${number}>`).length - 1, 0);
