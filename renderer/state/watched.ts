/** Whose page is open: main reads that VM in full at each tick. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import { api } from '../api.js';

let holder: object | undefined;

/** Of one page. It lets go only of what it asked for itself: in which order pages come and go does not matter then. */
export function watching(): { readonly watch: (vm: VmRef | null) => void; readonly release: () => void } {
  const own = {};
  return {
    watch(vm) {
      holder = own;
      void api.watch({ vm });
    },
    release() {
      if (holder !== own) return;
      holder = undefined;
      void api.watch({ vm: null });
    },
  };
}
