# `cmake --install BUILD --prefix PREFIX`: the programs, and what they read where share_folder() finds it from them.
install(TARGETS cairn cairn-gateway cairn-coordinator cairn-worker cairn-rewarder RUNTIME DESTINATION bin)
install(DIRECTORY configs DESTINATION share/cairn)
install(DIRECTORY vision/models DESTINATION share/cairn/vision)  # where configs/models.yaml says that it is
install(DIRECTORY services/web/dist/ DESTINATION share/cairn/web OPTIONAL)  # scripts/build-web makes it
install(FILES docs/man/cairn-upload.1 DESTINATION share/man/man1)
