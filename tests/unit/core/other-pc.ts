/** A host that is not this PC. */
import { isHostText, type HostId } from '../../../src/core/cmdlets/ref.js';

export const hostNamed = (text: string): HostId => {
  if (!isHostText(text)) throw new Error(`no host: ${text}`);
  return text;
};
export const otherPc = hostNamed('host-0123456789ab');
