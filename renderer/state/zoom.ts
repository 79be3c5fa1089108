/** Per cent, as browsers step. */
export const zooms: readonly number[] = [50, 67, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400];

/** What Ctrl and this key make of it; undefined: nothing. */
export function zoomAfter(now: number, key: string): number | undefined {
  switch (key) {
    case '+':
    case '=':
      return zooms.find((zoom) => zoom > now) ?? now;
    case '-':
      return zooms.findLast((zoom) => zoom < now) ?? now;
    case '0':
      return 100;
    default:
      return undefined;
  }
}
