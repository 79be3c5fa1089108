/** Calls of a window that shows this PC. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { Handlers } from '../../../src/ipc/main.js';
import type { CallName, RequestOf } from '../../../src/ipc/schema.js';

type Here = { readonly [Name in CallName]: (request: RequestOf<Name>) => ReturnType<Handlers[Name]> };

export const here = (all: Handlers): Here =>
  Object.fromEntries(
    Object.entries(all).map(([name, handler]) => [name, (request: never) => handler(request, thisPc)]),
  ) as unknown as Here;
