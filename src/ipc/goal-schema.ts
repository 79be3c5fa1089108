/** The shape of a goal, as main checks it: all that the window may propose. */
import { isIdText, isRefText, type VmRef } from '../core/cmdlets/ref.js';
import { z } from 'zod';
import { bootKeys, consentKinds, type ChangePath, type Goal } from '../core/machine/goal.js';
import { protocols } from '../core/machine/machine.js';
import { eachRole } from '../core/machine/roles.js';

const guid = z.string().refine(isIdText);
export const id = z.string().regex(/^[\w-]{1,64}$/);
const adapterId = z.string().max(200);
/** A VM of this PC. */
export const ownVm = z.custom<VmRef>((ref) => isRefText(ref, 1));
/** A VM of this PC, or one in it: where one can sign in. */
export const guestRef = z.custom<VmRef>((ref) => isRefText(ref, 2));
export const vmRef = z.custom<VmRef>((ref) => isRefText(ref, 3));
export const consent = z.enum(consentKinds);
const changePath = z.custom<ChangePath>(
  (path) => typeof path === 'string' && path.length <= 300 && /^[0-9a-f-]{36}\//.test(path),
);

// `exactOptional`: a value is given or left out, never `undefined`, as in core.
const bytes = z
  .number()
  .int()
  .min(2 ** 25)
  .max(2 ** 50);

const address = z.string().regex(/^\d{1,3}(?:\.\d{1,3}){3}$/);
const prefix = z.string().regex(/^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/);
const prefixLength = z.number().int().min(8).max(30);
/** Of a switch or a NAT network; whether it is free is main's to say. */
const made = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\\/:*?"<>|]+$/u);
const fixedAddress = z.strictObject({
  address,
  prefixLength,
  gateway: address,
  dns: z.array(address).max(4).readonly(),
});
const nested = z
  .array(
    z.strictObject({
      vm: guid,
      adapter: adapterId,
      address: fixedAddress.exactOptional(),
    }),
  )
  .max(100)
  .readonly();
const networkWant = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('default-switch'), nested }),
  z.strictObject({ kind: z.literal('external'), nested, adapter: adapterId, switchName: made }),
  z.strictObject({ kind: z.literal('nat'), nested, switchName: made, natName: made, prefix }),
]);
const port = z.number().int().min(1).max(65_535);
const vmWant = z.strictObject({
  power: z.enum(['running', 'off']).exactOptional(),
  savedState: z.enum(['resume', 'drop']).exactOptional(),
  nesting: z.boolean().exactOptional(),
  version: z
    .string()
    .regex(/^\d{1,3}\.\d{1,3}$/)
    .exactOptional(),
  memory: z
    .strictObject({
      dynamic: z.boolean().exactOptional(),
      startup: bytes.exactOptional(),
      minimum: bytes.exactOptional(),
      maximum: bytes.exactOptional(),
    })
    .exactOptional(),
  stopAction: z.enum(['TurnOff', 'Save', 'ShutDown']).exactOptional(),
  automaticCheckpoints: z.boolean().exactOptional(),
  checkpoint: z.literal(true).exactOptional(),
  adapters: z.record(adapterId, z.strictObject({ macSpoofing: z.enum(['On', 'Off']).exactOptional() })).exactOptional(),
  roles: z.strictObject(eachRole(() => z.boolean().exactOptional())).exactOptional(),
  network: networkWant.exactOptional(),
  address: z
    .strictObject({
      adapter: adapterId,
      switchName: made,
      natName: made,
      prefix,
      address: fixedAddress.exactOptional(),
    })
    .exactOptional(),
  ports: z
    .array(
      z.strictObject({
        protocol: z.enum(protocols),
        hostPort: port,
        vmPort: port.nullable(),
        address: address.exactOptional(),
      }),
    )
    .min(1)
    .max(100)
    .readonly()
    .exactOptional(),
});

/** What is right for Windows is main's to say. */
const path = z.string().min(1).max(1000);
const newVm = z.strictObject({
  name: z.string().max(1000),
  disk: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('empty'),
      path,
      size: z
        .number()
        .int()
        .min(0)
        .max(2 ** 50),
    }),
    z.strictObject({ kind: z.enum(['differencing', 'copy']), path, from: path }),
  ]),
  iso: path.exactOptional(),
  processors: z.number().int().min(0).max(100_000),
  memory: z
    .number()
    .int()
    .min(0)
    .max(2 ** 50),
  secureBoot: z.enum(bootKeys),
  tpm: z.boolean(),
  switchName: z.string().max(1000).nullable(),
  nesting: z.boolean(),
  start: z.boolean(),
});

const anyGoal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create'), vm: newVm, consents: z.array(consent) }),
  z.strictObject({
    kind: z.literal('vms'),
    wants: z
      .array(z.strictObject({ vm: vmRef, want: vmWant }))
      .min(1)
      .max(1000),
    consents: z.array(consent),
  }),
  z.strictObject({
    kind: z.literal('undo'),
    run: id,
    also: z
      .array(z.strictObject({ vm: vmRef, path: changePath }))
      .max(10_000)
      .exactOptional(),
    only: z.array(vmRef).max(1000).exactOptional(),
    checkpoints: z.literal(true).exactOptional(),
    consents: z.array(consent),
  }),
]);
/** Of a type with no field left out: a field that only one of two types has is seen. */
type Whole<T> = T extends readonly (infer One)[]
  ? readonly Whole<One>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Whole<T[K]> }
    : T;
type IsSame<A, B> = [Whole<A>] extends [Whole<B>] ? ([Whole<B>] extends [Whole<A>] ? true : false) : false;
/** Both ways: what passes here is a goal, and every goal passes. A field that one side lacks is an error in this line. */
export const goalSchema: IsSame<z.infer<typeof anyGoal>, Goal> extends true ? z.ZodType<Goal> : never = anyGoal;
