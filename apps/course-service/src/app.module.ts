import { DatabaseModule } from '@flowchart/database';
import { EventsModule } from '@flowchart/events';
import { type DynamicModule, Module } from '@nestjs/common';
import type { CourseServiceConfig } from './config.js';
import { CoursePrerequisite } from './courses/course-prerequisite.entity.js';
import { Course } from './courses/course.entity.js';
import { seedCourses } from './courses/course.seed.js';
import { CoursesModule } from './courses/courses.module.js';
import { CreateCourses1763900000000 } from './migrations/1763900000000-create-courses.js';

/** Courses and their prerequisites: search for everybody, changes by the registrar. */
@Module({})
export class AppModule {
  static from({ databaseUrl, poolSize, slowQueryMs, redisUrl, seed }: CourseServiceConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EventsModule.forRoot({ redisUrl, service: 'course' }),
        DatabaseModule.forRoot({
          service: 'course',
          url: databaseUrl,
          poolSize,
          slowQueryMs,
          entities: [Course, CoursePrerequisite],
          migrations: [CreateCourses1763900000000],
          ...(seed && { seed: seedCourses }),
        }),
        CoursesModule,
      ],
    };
  }
}
