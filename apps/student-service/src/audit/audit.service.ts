/** Brings together what an audit needs. */
import type { Audit } from '@flowchart/contracts';
import { Injectable } from '@nestjs/common';
import { CatalogueService } from '../catalogue/catalogue.service.js';
import { TranscriptsService } from '../transcripts/transcripts.service.js';
import { audit } from './audit.js';

@Injectable()
export class AuditService {
  constructor(
    private readonly transcripts: TranscriptsService,
    private readonly catalogue: CatalogueService,
  ) {}

  async audit(studentId: string): Promise<Audit> {
    const [{ degreeCode, admittedTerm, entries }, courses] = await Promise.all([
      this.transcripts.record(studentId),
      this.catalogue.courses(),
    ]);
    const degree = await this.catalogue.degree(degreeCode);
    return audit({ degree, admittedTerm, entries, courses });
  }
}
