// Nest's HTTP client, axios underneath. The first question to the platform loads it. Nodes outside
// of Flux have none.
import type { HttpService } from '@nestjs/axios';

export type AxiosInstance = HttpService['axiosRef'];

export class HttpClient {
  private service: Promise<HttpService> | null = null;

  /** Loads it; tried again by the next call when that failed. */
  async axios(): Promise<AxiosInstance> {
    this.service ??= this.load();
    const { axiosRef } = await this.service;
    return axiosRef;
  }

  private async load(): Promise<HttpService> {
    try {
      const { HttpService } = await import('@nestjs/axios');
      return new HttpService();
    } catch (error) {
      this.service = null;
      throw error;
    }
  }
}
