module socialreturn

go 1.26
