/** An nginx of our own, to be put in front of the edge. */
import { join } from 'node:path';
import { startPackagedServer, type PackagedServerOptions } from './packaged-server.js';
import type { ProcessIdentity } from './processes.js';
import { alone } from './program.js';
import { fromPackage } from './system-package.js';

export interface NginxOptions extends PackagedServerOptions {
  /** What stands in its `http` block. */
  readonly http: string;
}

const unpacked = alone(fromPackage({ name: 'nginx', program: 'usr/sbin/nginx', directory: 'nginx-package' }));

export const startNginx = (options: NginxOptions): Promise<ProcessIdentity> => {
  const { directory } = options;
  const configurationFile = 'nginx.conf';
  return startPackagedServer(
    {
      name: 'nginx',
      installed: '/usr/sbin/nginx',
      unpacked,
      configuration: { file: configurationFile, text: configuration(options) },
      args: ['-p', directory, '-c', join(directory, configurationFile), '-e', 'stderr'],
    },
    options,
  );
};

/** Nothing of it lies where a package would have put it: those places belong to root. */
const configuration = ({ directory, http }: NginxOptions): string => `
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 512; }
http {
access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join('\n')}
${http}
}
`;
