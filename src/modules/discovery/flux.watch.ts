// Keeps asking the Flux platform and hands on what changed. Nothing waits for it, and its silence
// takes nothing away.
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Log } from '../../adapters/log';
import type { DiscoveryPort } from '../../runtime/node-view';
import type { Deployment } from './deployment';
import { FLUX_TIMING, type FluxTiming } from './flux-timing';
import type { PlatformApi } from './platform-api';
import type { Specification } from './platform-answers';
import { PollLoop } from './poll-loop';

export interface FluxWatchParts {
  readonly api: PlatformApi;
  readonly deployment: Deployment;
  readonly discovery: DiscoveryPort;
  readonly log: Log;
  /** Submits what the deployment knows now. */
  readonly refresh: () => Promise<void>;
}

export class FluxWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly locations: PollLoop;
  private readonly polls: readonly PollLoop[];
  private answering: boolean | null = null;
  private lastSpecification = '';

  constructor(
    private readonly parts: FluxWatchParts,
    timing: FluxTiming = FLUX_TIMING,
  ) {
    this.locations = new PollLoop((stop) => this.askLocations(stop), timing.locations);
    this.polls = [
      this.locations,
      new PollLoop((stop) => this.askSpecification(stop), timing.specification),
      new PollLoop((stop) => this.askHost(stop), timing.hostInfo),
      new PollLoop(() => this.lookAround(), timing.names),
    ];
  }

  onApplicationBootstrap(): void {
    for (const poll of this.polls) poll.start();
    this.parts.discovery.onStranger(() => this.locations.hurry());
  }

  onModuleDestroy(): void {
    for (const poll of this.polls) poll.stop();
  }

  private async askLocations(stop: AbortSignal): Promise<boolean> {
    const { api, deployment, refresh } = this.parts;
    const addresses = await api.locations(stop);
    if (stop.aborted) return false;
    if (addresses !== null) {
      if (deployment.heardLocations(addresses)) this.locations.rewarded();
      await refresh();
    }
    this.noteAnswer(addresses);
    return addresses !== null;
  }

  private async askSpecification(stop: AbortSignal): Promise<boolean> {
    const specification = await this.parts.api.specification(stop);
    if (specification === null || stop.aborted) return false;
    const text = JSON.stringify(specification);
    if (text !== this.lastSpecification) await this.learn(specification);
    this.lastSpecification = text;
    return true;
  }

  private async askHost(stop: AbortSignal): Promise<boolean> {
    const { api, deployment, discovery, log, refresh } = this.parts;
    const address = await api.hostAddress(stop);
    if (address === null || stop.aborted) return false;
    if (!deployment.heardOwnAddress(address)) return true;
    log.info('own-address', { address });
    discovery.advertise(deployment.reach());
    await refresh();
    return true;
  }

  private async lookAround(): Promise<boolean> {
    if (this.lastSpecification !== '') await this.parts.refresh();
    return true;
  }

  private async learn(specification: Specification): Promise<void> {
    const { deployment, discovery, log, refresh } = this.parts;
    const { instances, components } = specification;
    deployment.heardSpecification(specification);
    const ports = components.flatMap((component) => component.ports.map(({ hostPort }) => hostPort));
    log.info('deployment-known', { instances, components: components.length, ports });
    discovery.submit({ kind: 'expected-hosts', hosts: instances });
    discovery.advertise(deployment.reach());
    await refresh();
  }

  private noteAnswer(addresses: readonly string[] | null): void {
    const { api, log } = this.parts;
    const isAnswering = addresses !== null;
    if (isAnswering === this.answering) return;
    this.answering = isAnswering;
    if (isAnswering) log.info('platform-answers', { instances: addresses.length });
    else log.warn('platform-silent', { reason: api.locationsFailure });
  }
}
