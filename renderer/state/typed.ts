/** Search by words: each that was typed has to be there, in any order and any case. */
export function hasTyped(typed: string): (said: readonly string[]) => boolean {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return (said) => {
    const all = said.join('\n').toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  };
}
