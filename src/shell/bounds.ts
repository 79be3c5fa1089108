/** Where the window opens: where it was, as long as it can be seen and reached there. Pure. */
import type { Bounds } from './settings.js';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const smallest = { width: 480, height: 360 } as const;
const usual = { width: 1080, height: 720 } as const;
/** So much of the upper edge must be on a display that the window can be taken hold of. */
const handle = { width: 120, height: 24 } as const;

/** `areas`: the work areas of the displays. Without a place the system chooses one. */
export function openingBounds(
  saved: Bounds | undefined,
  areas: readonly Area[],
): Partial<Area> & { width: number; height: number } {
  const [primary] = areas;
  const fit = (size: number, least: number, most: number): number => Math.max(least, Math.min(size, most));
  if (!saved) {
    return {
      width: fit(usual.width, smallest.width, primary?.width ?? usual.width),
      height: fit(usual.height, smallest.height, primary?.height ?? usual.height),
    };
  }
  const home = areas.find((area) => holdsHandle(area, saved));
  const room = home ?? primary;
  const size = {
    width: fit(saved.width, smallest.width, room?.width ?? saved.width),
    height: fit(saved.height, smallest.height, room?.height ?? saved.height),
  };
  return home ? { x: saved.x, y: saved.y, ...size } : size;
}

function holdsHandle(area: Area, window: Area): boolean {
  const across = Math.min(area.x + area.width, window.x + window.width) - Math.max(area.x, window.x);
  return across >= handle.width && window.y >= area.y && window.y + handle.height <= area.y + area.height;
}
