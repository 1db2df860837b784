/** One environment on one provider, written `ENVIRONMENT/PROVIDER`. */
export interface Stack {
  environment: string;
  provider: string;
  /** `production/acme` */
  name: string;
  /** `production_acme`: a form that every cloud accepts as a label. */
  label: string;
  /** What its things are known by outside; the name, but for the twin of a stack on this computer. */
  identity: string;
}
