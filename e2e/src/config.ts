/** Where the stack under test listens; global-setup puts it there. */
const required = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: run the suite by \`npm test -- end-to-end\``);
  return value;
};

export const config = {
  get edgeUrl(): string {
    return `http://127.0.0.1:${required('EDGE_PORT')}`;
  },
  serviceUrl(portVariable: string): string {
    return `http://127.0.0.1:${required(portVariable)}`;
  },
};
