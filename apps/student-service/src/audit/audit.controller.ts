/** `GET /students/me/audit`. */
import type { Audit } from '@flowchart/contracts';
import { Controller, Get, Header } from '@nestjs/common';
import { CurrentStudent } from '../students/current-student.js';
import { OwnRecord } from '../students/own-record.js';
import { AuditService } from './audit.service.js';

@Controller('students/me/audit')
@OwnRecord()
export class AuditController {
  constructor(private readonly audits: AuditService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  audit(@CurrentStudent() studentId: string): Promise<Audit> {
    return this.audits.audit(studentId);
  }
}
