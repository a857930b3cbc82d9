// Which part of peering an input is for.
import type { Input } from '../base/inputs';
import type { Peering } from './peering';

export type PeeringInput = Exclude<Input, { readonly kind: 'put' | 'fetch' | 'load' | 'expected-hosts' }>;

export function takePeeringInput(peering: Peering, input: PeeringInput, nowMs: number): void {
  switch (input.kind) {
    case 'frame':
      peering.receive(input.linkId, input.bytes, nowMs);
      return;
    case 'link-flushed':
      peering.links.get(input.linkId)?.flushed(input.bytes);
      return;
    case 'link-up':
      peering.linkUp(input, nowMs);
      return;
    case 'link-down':
      peering.linkDown(input.linkId, nowMs);
      return;
    case 'candidates':
      peering.greeter.learn(input.source, input.endpoints, nowMs);
      return;
    case 'probe-result':
      peering.probed(input, nowMs);
      return;
    case 'dial-failed':
      peering.dialFailed(input.endpoint, input.failure, nowMs);
      return;
    case 'drain':
      peering.leave();
  }
}
